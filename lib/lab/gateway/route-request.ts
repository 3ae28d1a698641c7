import type { WireRequest } from '../contract.ts';
import { awsJson } from './protocols/aws-json.ts';
import { awsQuery } from './protocols/aws-query.ts';
import type { Protocol } from './protocols/protocol.ts';
import { restJson } from './protocols/rest-json.ts';
import { restXml } from './protocols/rest-xml.ts';
import { rpcV2Cbor } from './protocols/rpc-v2-cbor.ts';

/** The wire format of a request, by the headers that AWS's services tell them apart with. */
export function protocolOf(request: WireRequest): Protocol {
  const { headers } = request;
  // First, for objects have any content type and any query.
  if (serviceOf(request) === 's3') return restXml;
  if (headers['x-amz-target'] !== undefined) return awsJson;
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return rpcV2Cbor;
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') || /(^|&)Action=/.test(request.query);
  return form && request.path === '/' ? awsQuery : restJson;
}

/**
 * The signing name of the service that a request is for: what the caller names (function hosts), else the credential scope
 * `<key>/<date>/<region>/<service>/aws4_request` of its signature. Undefined when it is not signed at all.
 */
export function serviceOf(request: WireRequest): string | undefined {
  if (request.service !== undefined) return request.service;
  const { authorization } = request.headers;
  if (authorization !== undefined) return scopedService(authorization, authorization.indexOf('Credential='), '/');
  if (!request.query.includes('X-Amz-Credential=')) return undefined;
  return scopedService(request.query, request.query.indexOf('X-Amz-Credential='), request.query.includes('%2F') ? '%2F' : '/');
}

function scopedService(text: string, from: number, slash: string): string | undefined {
  if (from < 0) return undefined;
  const date = text.indexOf(slash, from) + slash.length;
  const region = text.indexOf(slash, date) + slash.length;
  const service = text.indexOf(slash, region) + slash.length;
  const end = text.indexOf(slash, service);
  return date > 0 && region > 0 && service > 0 && end > service && text.startsWith('aws4_request', end + slash.length)
    ? text.slice(service, end)
    : undefined;
}
