import { crc32 } from 'node:zlib';
import { AwsError } from '../../../core/errors.ts';
import type { WireResponse } from '../../contract.ts';
import { jsonShapes, parseJson } from './json-shapes.ts';
import { jsonable } from './jsonable.ts';
import { bodyText, faultOf, type Protocol, type WireService } from './protocol.ts';

const shapes = jsonShapes(false);

/** Errors that AWS's request layer raises before a service's own code runs; DynamoDB shows that in their namespace. */
const coralErrors = new Set([
  'AccessDeniedException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]);

/** awsJson 1.0 and 1.1: POST /, the operation in X-Amz-Target, JSON both ways. */
export const awsJson: Protocol = {
  decode(request, wire) {
    const target = request.headers['x-amz-target'] ?? '';
    const operation = target.slice(target.lastIndexOf('.') + 1);
    return { operation, input: () => decodeInput(bodyText(request.body), wire, operation) };
  },

  encode(wire, operation, output, requestId) {
    if (wire.plainJson) return jsonResponse(wire, 200, JSON.stringify(output), requestId);
    const schema = wire.schemas.operation(operation)?.output;
    return jsonResponse(wire, 200, schema?.isStructSchema() ? shapes.write(schema, output) : '', requestId);
  },

  unknownOperation: (service, operation) => new AwsError('UnknownOperationException', `The lab has no operation ${service}.${operation}.`, 400),
  missingToken: () => new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 400),

  encodeError(wire, error, requestId) {
    const members = { __type: qualifiedName(wire, error.name), ...(error.message ? { message: error.message } : {}), ...jsonable(error.members) };
    const response = jsonResponse(wire, error.statusCode, JSON.stringify(members), requestId);
    if (!wire?.queryCompatible) return response;
    return { ...response, headers: { ...response.headers, 'x-amzn-query-error': `${wire.schemas.queryErrorCode(error.name)};${faultOf(error)}` } };
  },
};

function decodeInput(text: string, wire: WireService, operation: string): unknown {
  if (text === '' && wire.plainJson) throw new AwsError('SerializationException', '');
  const json = parseJson(text);
  const schema = wire.plainJson ? undefined : wire.schemas.operation(operation)?.input;
  return schema ? shapes.read(schema, json) : json;
}

function jsonResponse(wire: WireService | undefined, status: number, body: string, requestId: string): WireResponse {
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId, 'content-type': wire?.jsonVersion === '1.1' ? json11 : json10 };
  if (wire?.plainJson) headers['x-amz-crc32'] = String(crc32(body));
  return { status, headers, body };
}

const json10 = 'application/x-amz-json-1.0';
const json11 = 'application/x-amz-json-1.1';

function qualifiedName(wire: WireService | undefined, name: string): string {
  if (!wire?.errorNamespace) return name;
  if (name === 'ValidationException') return `com.amazon.coral.validate#${name}`;
  return coralErrors.has(name) ? `com.amazon.coral.service#${name}` : `${wire.errorNamespace}#${name}`;
}
