import { describe, expect, it } from 'vitest';
import { type EventParts, httpApiEvent, isText } from './event.ts';

const parts: EventParts = {
  accountId: '123456789012',
  apiId: 'abcdefghij',
  region: 'us-east-1',
  stage: '$default',
  stageVariables: undefined,
  routeKey: 'POST /my/{name}',
  pathParameters: { name: 'a b' },
  requestId: 'JKJaXmPLvHcESHA=',
  method: 'POST',
  path: '/my/a%20b',
  rawQuery: 'parameter1=value1&parameter1=value2&parameter2=v%20v',
  headers: {
    'content-type': 'application/json',
    cookie: 'cookie1=x; cookie2=y',
    header2: 'value1, value2',
    host: '127.0.0.1:4566',
    'user-agent': 'k6/2.2.0',
    connection: 'keep-alive',
    'x-amzn-trace-id': 'Root=1-5e66d96f-7491f09xmpl79d18acf3d050',
  },
  body: Buffer.from('{"a":1}'),
  sourceIp: '127.0.0.1',
  nowMs: 1584039838390.25,
};

describe('event of payload format 2.0', () => {
  it('has the shape of the developer guide', () => {
    expect(httpApiEvent(parts)).toEqual({
      version: '2.0',
      routeKey: 'POST /my/{name}',
      rawPath: '/my/a b',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=v%20v',
      cookies: ['cookie1=x', 'cookie2=y'],
      headers: {
        'content-type': 'application/json',
        header2: 'value1, value2',
        host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
        'user-agent': 'k6/2.2.0',
        'content-length': '7',
        'x-amzn-trace-id': 'Root=1-5e66d96f-7491f09xmpl79d18acf3d050',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'v v' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'abcdefghij',
        domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'abcdefghij',
        http: { method: 'POST', path: '/my/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'k6/2.2.0' },
        requestId: 'JKJaXmPLvHcESHA=',
        routeKey: 'POST /my/{name}',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1584039838390,
      },
      pathParameters: { name: 'a b' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('leaves absent parts out and puts bodies that are no text into base64', () => {
    const bare = httpApiEvent({ ...parts, rawQuery: '', pathParameters: undefined, headers: {}, body: new Uint8Array(0) });
    expect(Object.keys(bare)).toEqual(['version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'requestContext', 'isBase64Encoded']);
    const binary = httpApiEvent({ ...parts, headers: { 'content-type': 'image/png' }, body: new Uint8Array([0xff, 0x00]) });
    expect(binary).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/problem+json', true],
    ['text/html', true],
    ['application/xml', true],
    [undefined, true],
    ['application/octet-stream', false],
    ['application/x-www-form-urlencoded', false],
    ['multipart/form-data; boundary=x', false],
  ])('takes a body of type %s as text: %s', (type, text) => expect(isText(type)).toBe(text));
});
