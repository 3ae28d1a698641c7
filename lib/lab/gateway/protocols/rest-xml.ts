import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../../core/errors.ts';
import type { WireRequest, WireResponse } from '../../contract.ts';
import { unchunked } from './aws-chunked.ts';
import { boundValue, unbound, writeText } from './http-bindings.ts';
import { bodyText, type Protocol, type WireService } from './protocol.ts';
import { type S3Router, s3Router } from './s3-routes.ts';

const isoTime = 5;
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const routers = new WeakMap<WireService, S3Router>();

/** restXml as S3 speaks it, the only service that the lab has of it: members travel in path, query, headers and an XML or raw body. */
export const restXml: Protocol = {
  decode(request, wire) {
    const found = routerOf(wire)(request);
    if (!found) throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    return { operation: found.operation.name, input: () => readInput(found.operation.input, unchunked(request), found.labels, wire) };
  },

  encode(wire, operation, output, requestId) {
    const found = wire.schemas.operation(operation);
    const response = found
      ? writeOutput(found.output, found.http?.[2] ?? 200, (output ?? {}) as Output, wire)
      : { status: 200, headers: {}, body: '' };
    return withRequestId(response, requestId);
  },

  unknownOperation: (service, operation) =>
    new AwsError(
      'NotImplemented',
      `A header you provided implies functionality that is not implemented: the lab has no operation ${service}.${operation}.`,
      501,
    ),
  missingToken: () => new AwsError('AccessDenied', 'Access Denied', 403),

  encodeError(_wire, error, requestId) {
    if (error.statusCode === 304) return withRequestId({ status: 304, headers: {}, body: '' }, requestId);
    const members = Object.entries({ Code: error.name, Message: error.message, ...error.members, RequestId: requestId, HostId: requestId });
    const xml = members.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
    return withRequestId(
      { status: error.statusCode, headers: { 'content-type': 'application/xml' }, body: `${declaration}<Error>${xml}</Error>` },
      requestId,
    );
  },
};

type Output = Readonly<Record<string, unknown>>;

function routerOf(wire: WireService): S3Router {
  let router = routers.get(wire);
  if (!router) {
    router = s3Router(wire.schemas);
    routers.set(wire, router);
  }
  return router;
}

function settingsOf(wire: WireService) {
  return { xmlNamespace: wire.xmlNamespace ?? '', serviceNamespace: wire.name, timestampFormat: { useTrait: true, default: isoTime as 5 } };
}

function readInput(schema: NormalizedSchema, request: WireRequest, labels: Readonly<Record<string, string>>, wire: WireService): unknown {
  if (!schema.isStructSchema()) return {};
  const query = new URLSearchParams(request.query);
  const input: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const value = member.getMergedTraits().httpPayload ? readPayload(member, request.body, wire) : boundValue(name, member, request, labels, query);
    if (value !== unbound && value !== undefined) input[name] = value;
  }
  return input;
}

function readPayload(member: NormalizedSchema, body: Uint8Array, wire: WireService): unknown {
  if (member.isBlobSchema()) return body;
  if (body.length === 0) return undefined;
  try {
    return new XmlShapeDeserializer(settingsOf(wire)).read(member, bodyText(body));
  } catch {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
}

function writeOutput(schema: NormalizedSchema, status: number, output: Output, wire: WireService): WireResponse {
  const headers: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  let payload: NormalizedSchema | undefined;
  let inBody = false;
  for (const [name, member] of schema.isStructSchema() ? schema.structIterator() : []) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (traits.httpPayload) payload = member;
    else if (traits.httpPrefixHeaders)
      for (const [key, text] of Object.entries(value ?? {})) headers[`${traits.httpPrefixHeaders}${key}`] = String(text);
    else if (traits.httpHeader) {
      if (value !== undefined) headers[traits.httpHeader.toLowerCase()] = writeText(member, value);
    } else {
      inBody = true;
      if (value !== undefined) rest[name] = value;
    }
  }
  // Of the outputs of S3 only a range of an object is anything else than the operation's own status.
  const answered = { status: output['ContentRange'] === undefined ? status : 206, headers };
  if (payload?.isBlobSchema()) return { ...answered, body: (output[payload.getMemberName()] as Uint8Array | undefined) ?? '' };
  if (!payload && !inBody) return { ...answered, body: '' };
  const xml = payload ? toXml(payload, output[payload.getMemberName()], wire) : toXml(schema, rest, wire);
  return { status: answered.status, headers: { ...headers, 'content-type': 'application/xml' }, body: declaration + xml };
}

function toXml(schema: NormalizedSchema, value: unknown, wire: WireService): string {
  const serializer = new XmlShapeSerializer(settingsOf(wire));
  serializer.write(schema, value ?? {});
  return String(serializer.flush());
}

function withRequestId(response: WireResponse, requestId: string): WireResponse {
  return { ...response, headers: { ...response.headers, 'x-amz-request-id': requestId, 'x-amz-id-2': requestId } };
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
