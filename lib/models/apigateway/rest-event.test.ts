import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RestEventParts, restApiEvent } from './rest-event.ts';

const parts: RestEventParts = {
  accountId: '123456789012',
  apiId: 'abcdefghij',
  region: 'us-east-1',
  stage: 'live',
  deploymentId: 'd1',
  stageVariables: undefined,
  resource: '/my/{name}',
  resourceId: 'r1',
  pathParameters: { name: 'a b' },
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  extendedRequestId: 'JKJaXmPLvHcESHA=',
  method: 'POST',
  path: '/my/a%20b',
  rawQuery: 'p=1&p=2&q=v%20v',
  rawHeaders: ['Content-Type', 'text/plain', 'X-Twice', '1', 'x-twice', '2', 'Host', '127.0.0.1:4566', 'Connection', 'close', 'User-Agent', 'k6'],
  body: Buffer.from('grün'),
  sourceIp: '127.0.0.1',
  apiKey: { id: 'k1', value: 'secret-of-twenty-characters' },
  nowMs: 1584039838390.25,
};

describe('event of payload format 1.0', () => {
  it('has the shape of the developer guide', () => {
    expect(restApiEvent(parts)).toMatchObject({
      resource: '/my/{name}',
      path: '/my/a b',
      httpMethod: 'POST',
      headers: {
        'Content-Type': 'text/plain',
        'X-Twice': '2',
        Host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
        'X-Forwarded-For': '127.0.0.1',
      },
      multiValueHeaders: { 'Content-Type': ['text/plain'], 'X-Twice': ['1', '2'], 'X-Forwarded-Port': ['443'] },
      queryStringParameters: { p: '2', q: 'v v' },
      multiValueQueryStringParameters: { p: ['1', '2'], q: ['v v'] },
      stageVariables: null,
      requestContext: {
        path: '/live/my/a b',
        requestTime: '12/Mar/2020:19:03:58 +0000',
        requestTimeEpoch: 1584039838390,
        identity: { sourceIp: '127.0.0.1', userAgent: 'k6', apiKey: 'secret-of-twenty-characters', apiKeyId: 'k1', userArn: null },
      },
      body: 'grün',
      isBase64Encoded: false,
    });
  });

  it('says null for what is absent, and appends the client to those that forwarded', () => {
    const event = restApiEvent({
      ...parts,
      rawQuery: '',
      body: new Uint8Array(0),
      apiKey: undefined,
      pathParameters: undefined,
      rawHeaders: ['x-forwarded-for', '1.2.3.4'],
    });
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      headers: { 'X-Forwarded-For': '1.2.3.4, 127.0.0.1' },
      requestContext: { identity: { userAgent: null } },
    });
  });

  it('loses no query parameter, whatever its name, and gives the last as the single one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'toString', '__proto__', 'b c'), fc.string()), { minLength: 1 }), (pairs) => {
        const event = restApiEvent({ ...parts, rawQuery: String(new URLSearchParams(pairs)) }) as {
          multiValueQueryStringParameters: Record<string, string[]>;
          queryStringParameters: Record<string, string>;
        };
        for (const [name] of pairs) {
          const values = String(new URLSearchParams(pairs.filter(([each]) => each === name)));
          const sent = [...new URLSearchParams(values)].map(([, value]) => value);
          expect(Object.entries(event.multiValueQueryStringParameters).find(([each]) => each === name)?.[1]).toEqual(sent);
          expect(Object.entries(event.queryStringParameters).find(([each]) => each === name)?.[1]).toBe(sent.at(-1));
        }
      }),
    );
  });
});
