import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest, WireResponse } from '../../contract.ts';
import { boundValue, unbound, writeText } from './http-bindings.ts';
import { jsonShapes, parseJson } from './json-shapes.ts';
import { bodyText } from './protocol.ts';
import type { RestRoute } from './rest-route.ts';
import type { HttpTrait, OperationSchema, ServiceSchemas } from './schemas.ts';

const shapes = jsonShapes(true);

/** The routes of a restJson service whose client carries the HTTP bindings of its operations. */
export function schemaRoutes(schemas: ServiceSchemas): RestRoute[] {
  return schemas.operations().flatMap((operation) => (operation.http ? [routeOf(operation, operation.http)] : []));
}

function routeOf({ name, input, output }: OperationSchema, [method, path, status]: HttpTrait): RestRoute {
  return {
    operation: name,
    method,
    path,
    input: (request, labels) => (input.isStructSchema() ? readInput(input, request, labels) : {}),
    output: (value) => writeMembers(output, status, (value ?? {}) as Readonly<Record<string, unknown>>),
  };
}

function readInput(schema: NormalizedSchema, request: WireRequest, labels: Readonly<Record<string, string>>): unknown {
  const query = new URLSearchParams(request.query);
  const members = [...schema.structIterator()];
  const payload = members.some(([, member]) => member.getMergedTraits().httpPayload);
  const input = payload ? {} : (shapes.read(schema, parseJson(bodyText(request.body))) as Record<string, unknown>);
  for (const [name, member] of members) {
    const value = member.getMergedTraits().httpPayload ? readPayload(member, request.body) : boundValue(name, member, request, labels, query);
    if (value !== unbound) input[name] = value;
  }
  return input;
}

function readPayload(member: NormalizedSchema, body: Uint8Array): unknown {
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return bodyText(body);
  return body.length > 0 ? shapes.read(member, parseJson(bodyText(body))) : undefined;
}

/**
 * Status, headers and body of an output or an error by the HTTP bindings of its members; those without one make up the JSON body.
 */
export function writeMembers(schema: NormalizedSchema, status: number, value: Readonly<Record<string, unknown>>): WireResponse {
  const headers: Record<string, string> = {};
  const response = { status, headers, body: '' as string | Uint8Array };
  if (!schema.isStructSchema()) return response;
  const rest: Record<string, unknown> = {};
  let payload: NormalizedSchema | undefined;
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpPayload) payload = member;
    else if (value[name] === undefined || value[name] === null) continue;
    else if (traits.httpResponseCode) response.status = Number(value[name]);
    else if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = writeText(member, value[name]);
    else rest[name] = value[name];
  }
  response.body = payload ? writePayload(payload, value[payload.getMemberName()]) : shapes.write(schema, rest);
  headers['content-type'] = payload?.isBlobSchema() ? 'application/octet-stream' : 'application/json';
  return response;
}

function writePayload(member: NormalizedSchema, value: unknown): string | Uint8Array {
  if (value === undefined || value === null) return '';
  return member.isBlobSchema() || member.isStringSchema() ? (value as string | Uint8Array) : shapes.write(member, value);
}
