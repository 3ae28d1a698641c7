import { describe, expect, it } from 'vitest';
import { restApiResponse, restGatewayResponses } from './rest-response.ts';

const of = (result: unknown) => restApiResponse(JSON.stringify(result));

describe('response of a Lambda proxy integration of a REST API', () => {
  it('is what the result says; headers with several values come before those with one', () => {
    expect(
      of({
        statusCode: '201',
        headers: { 'X-One': 1, 'Set-Cookie': 'lost', 'Content-Length': 9 },
        multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'], 'X-Single': ['s'] },
        body: 'made',
      }),
    ).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-one': '1', 'set-cookie': ['a=1', 'b=2'], 'x-single': 's' },
      body: 'made',
    });
  });

  it('leaves base64 as it is without binary media types, and has an empty body where there is none', () => {
    expect(of({ statusCode: 200, body: 'AAE=', isBase64Encoded: true })?.body).toBe('AAE=');
    expect(of({ statusCode: 204, body: null, headers: null })).toMatchObject({ status: 204, body: '' });
  });

  it.each([
    ['no JSON object', 'text'],
    ['null', null],
    ['a list', [{ statusCode: 200 }]],
    ['no status', { body: 'x' }],
    ['an interim status', { statusCode: 100 }],
    ['a body that is no text', { statusCode: 200, body: {} }],
    ['an unknown member', { statusCode: 200, cookies: [] }],
    ['a header that is no text', { statusCode: 200, headers: { a: {} } }],
    ['a header that cannot be sent', { statusCode: 200, headers: { a: 'x\ny' } }],
    ['values that are no list', { statusCode: 200, multiValueHeaders: { a: 'x' } }],
  ])('is malformed with %s', (_, result) => expect(of(result)).toBeUndefined());
});

it("has AWS's words for what the gateway itself answers", () => {
  const told = Object.values(restGatewayResponses).map(({ status, body }) => `${status} ${body}`);
  expect(told).toEqual([
    '403 {"message":"Missing Authentication Token"}',
    '403 {"message":"Forbidden"}',
    '429 {"message":"Too Many Requests"}',
    '429 {"message":"Limit Exceeded"}',
    '413 {"message":"Request Too Long"}',
    '500 {"message": "Internal server error"}',
    '502 {"message": "Internal server error"}',
    '504 {"message": "Endpoint request timed out"}',
  ]);
});
