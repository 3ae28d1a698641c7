import { CborShapeDeserializer, CborShapeSerializer, cbor } from '@smithy/core/cbor';
import { AwsError, messageOf } from '../../../core/errors.ts';
import type { WireResponse } from '../../contract.ts';
import { faultOf, type Protocol, type WireService } from './protocol.ts';

/** rpcv2Cbor: POST /service/<service>/operation/<operation>, CBOR both ways. */
export const rpcV2Cbor: Protocol = {
  decode(request, wire) {
    const operation = /\/operation\/([^/]+)$/.exec(request.path)?.[1];
    if (!operation) throw new AwsError('UnknownOperationException', `no operation in the path ${request.path}`, 404);
    return { operation, input: () => readInput(request.body, wire, operation) };
  },

  encode(wire, operation, output, requestId) {
    const serializer = new CborShapeSerializer();
    const schema = wire.schemas.operation(operation)?.output;
    if (!schema?.isStructSchema()) return cborResponse(200, cbor.serialize({}), requestId);
    serializer.write(schema, output ?? {});
    return cborResponse(200, serializer.flush(), requestId);
  },

  unknownOperation: (service, operation) => new AwsError('UnknownOperationException', `The lab has no operation ${service}.${operation}.`, 404),
  missingToken: () => new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403),

  encodeError(wire, error, requestId) {
    const body = cbor.serialize({ __type: error.name, message: error.message, ...error.members });
    const response = cborResponse(error.statusCode, body, requestId);
    return wire?.queryCompatible
      ? { ...response, headers: { ...response.headers, 'x-amzn-query-error': `${error.name};${faultOf(error)}` } }
      : response;
  },
};

function readInput(body: Uint8Array, wire: WireService, operation: string): unknown {
  const schema = wire.schemas.operation(operation)?.input;
  if (!schema?.isStructSchema() || body.length === 0) return {};
  try {
    return new CborShapeDeserializer().read(schema, body);
  } catch (thrown) {
    throw new AwsError('SerializationException', `The request body is not valid CBOR: ${messageOf(thrown)}`);
  }
}

function cborResponse(status: number, body: Uint8Array, requestId: string): WireResponse {
  return { status, headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor', 'x-amzn-requestid': requestId }, body };
}
