import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../contract.ts';
import { awsJson } from './protocols/aws-json.ts';
import { awsQuery } from './protocols/aws-query.ts';
import { fisRoutes } from './protocols/fis-routes.ts';
import { restJson } from './protocols/rest-json.ts';
import { restRouter } from './protocols/rest-route.ts';
import { rpcV2Cbor } from './protocols/rpc-v2-cbor.ts';
import { protocolOf, serviceOf } from './route-request.ts';

function request(members: Partial<WireRequest>): WireRequest {
  return { method: 'POST', path: '/', query: '', headers: {}, body: new Uint8Array(0), caller: { kind: 'http' }, arrivedMs: 0, ...members };
}

describe('the service of a request', () => {
  const scope = (text: string) => request({ headers: { authorization: `AWS4-HMAC-SHA256 Credential=${text}, SignedHeaders=host, Signature=0` } });

  it('is named by the credential scope, in a header or a query', () => {
    expect(serviceOf(scope('AKIA/20261124/us-east-1/dynamodb/aws4_request'))).toBe('dynamodb');
    expect(serviceOf(request({ query: 'X-Amz-Credential=A%2F20261124%2Fus-east-1%2Flambda%2Faws4_request' }))).toBe('lambda');
    expect(serviceOf(request({ service: 'ssm' }))).toBe('ssm');
  });

  it.each(['AKIA/20261124/us-east-1/dynamodb', 'AKIA', ''])('is unknown for the scope "%s"', (text) => {
    expect(serviceOf(scope(text))).toBeUndefined();
  });
});

it('tells wire formats apart', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  expect(protocolOf(request({ headers: { 'x-amz-target': 'AmazonSSM.GetParameter' } }))).toBe(awsJson);
  expect(protocolOf(request({ headers: form }))).toBe(awsQuery);
  expect(protocolOf(request({ method: 'GET', query: 'Action=GetCallerIdentity' }))).toBe(awsQuery);
  expect(protocolOf(request({ path: '/service/X/operation/Y', headers: { 'smithy-protocol': 'rpc-v2-cbor' } }))).toBe(rpcV2Cbor);
  expect(protocolOf(request({ path: '/2015-03-31/functions/f/invocations' }))).toBe(restJson);
});

describe('routes', () => {
  const route = restRouter(fisRoutes);

  it.each([
    ['GET', '/experiments', 'ListExperiments', {}],
    ['GET', '/experiments/EXP1', 'GetExperiment', { id: 'EXP1' }],
    ['DELETE', '/experiments/EXP1', 'StopExperiment', { id: 'EXP1' }],
    [
      'GET',
      '/tags/arn%3Aaws%3Afis%3Aus-east-1%3A0%3Aexperiment%2FEXP1',
      'ListTagsForResource',
      { resourceArn: 'arn:aws:fis:us-east-1:0:experiment/EXP1' },
    ],
  ])('%s %s is %s', (method, path, operation, labels) => {
    const found = route(method, path);
    expect([found?.route.operation, found?.labels]).toEqual([operation, labels]);
  });

  it('give the input from labels, query and body', () => {
    const found = route('GET', '/experiments/EXP1/resolvedTargets');
    const input = found?.route.input(request({ query: 'maxResults=5&targetName=t' }), found.labels);
    expect(input).toEqual({ experimentId: 'EXP1', maxResults: 5, targetName: 't' });
    expect(route('PUT', '/experiments')).toBeUndefined();
  });
});
