import { describe, expect, it } from 'vitest';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { httpApiResponse } from './response.ts';

const of = (result: unknown) => httpApiResponse(JSON.stringify(result));

describe('response of payload format 2.0', () => {
  it('is what a result with statusCode says', () => {
    expect(of({ statusCode: 201, headers: { 'X-Custom': 'a', 'Content-Length': 999 }, cookies: ['a=1', 'b=2'], body: 'made' })).toEqual({
      status: 201,
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-custom': 'a', 'set-cookie': ['a=1', 'b=2'] },
      body: 'made',
    });
    expect(of({ statusCode: '404' })).toMatchObject({ status: 404, body: '' });
    expect(of({ statusCode: 200, isBase64Encoded: true, body: '/wA=' })?.body).toEqual(Buffer.from([0xff, 0]));
  });

  it('is inferred where there is no statusCode', () => {
    const json = { 'content-type': 'application/json' };
    expect(of({ message: 'Hello' })).toEqual({ status: 200, headers: json, body: '{"message":"Hello"}' });
    expect(of('Hello from Lambda!')).toEqual({ status: 200, headers: json, body: 'Hello from Lambda!' });
    expect(of([1])).toMatchObject({ status: 200, body: '[1]' });
  });

  it.each([
    { statusCode: 'abc' },
    { statusCode: 99 },
    { statusCode: 100 },
    { statusCode: 199 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: ['a'] },
    { statusCode: 200, headers: { 'x-a': 'one\r\nx-b: two' } },
    { statusCode: 200, headers: { 'x-a': 'caf\u00e9 \u2615' } },
    { statusCode: 200, headers: { 'x a': 'b' } },
    { statusCode: 200, headers: { '': 'b' } },
    { statusCode: 200, cookies: ['a=1\n'] },
  ])('is malformed: %j', (result) => expect(of(result)).toBeUndefined());

  it('keeps header texts of any visible character, tabs and Latin-1', () => {
    expect(of({ statusCode: 200, headers: { 'X-Text': 'a\tb \u00e9', 'X-None': '', 'X-Number': 7 } })?.headers).toMatchObject({
      'x-text': 'a\tb \u00e9',
      'x-none': '',
      'x-number': '7',
    });
  });
});

describe('CORS', () => {
  const settings = { allowOrigins: ['https://*.example.com'], allowMethods: ['GET', 'POST'], maxAge: 60 };

  it('answers origins that are allowed, and no other', () => {
    expect(corsHeaders(settings, 'https://a.example.com')).toEqual({ 'access-control-allow-origin': 'https://a.example.com' });
    expect(preflightHeaders(settings, 'https://a.example.com')).toMatchObject({
      'access-control-allow-methods': 'GET,POST',
      'access-control-max-age': '60',
    });
    expect(preflightHeaders(settings, 'https://example.org')).toEqual({});
    expect(corsHeaders(settings, undefined)).toEqual({});
    expect(corsHeaders({ allowOrigins: ['*'] }, 'https://x.org')).toEqual({ 'access-control-allow-origin': '*' });
  });
});
