import { AwsError } from '../../../core/errors.ts';
import type { WireResponse } from '../../contract.ts';
import { fisRoutes } from './fis-routes.ts';
import { jsonable } from './jsonable.ts';
import type { Protocol, WireService } from './protocol.ts';
import { type RestRoute, type RestRouter, restRouter } from './rest-route.ts';
import { schemaRoutes, writeMembers } from './schema-routes.ts';

interface RestService {
  readonly route: RestRouter;
  readonly byOperation: ReadonlyMap<string, RestRoute>;
}

const services = new WeakMap<WireService, RestService>();

/** restJson: the operation is in method and path; members travel in labels, query, headers, status and a JSON or raw body. */
export const restJson: Protocol = {
  decode(request, wire) {
    const found = serviceOf(wire).route(request.method, request.path);
    if (!found) throw new AwsError('UnknownOperationException', `${wire.name} has no operation ${request.method} ${request.path}`, 404);
    return { operation: found.route.operation, input: () => found.route.input(request, found.labels) };
  },

  encode(wire, operation, output, requestId) {
    const route = serviceOf(wire).byOperation.get(operation);
    return withRequestId(route ? route.output(output) : { status: 200, headers: {}, body: '' }, requestId);
  },

  unknownOperation: (service, operation) => new AwsError('UnknownOperationException', `The lab has no operation ${service}.${operation}.`, 404),
  missingToken: () => new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403),

  encodeError(wire, error, requestId) {
    const response = withRequestId(errorBody(wire, error), requestId);
    return { ...response, headers: { ...response.headers, 'x-amzn-errortype': error.name } };
  },
};

function serviceOf(wire: WireService): RestService {
  let service = services.get(wire);
  if (!service) {
    const routes = wire.name === 'fis' ? fisRoutes : schemaRoutes(wire.schemas);
    service = { route: restRouter(routes), byOperation: new Map(routes.map((route) => [route.operation, route])) };
    services.set(wire, service);
  }
  return service;
}

function errorBody(wire: WireService | undefined, error: AwsError): WireResponse {
  const schema = wire?.schemas.error(error.name);
  const message = { message: error.message, Message: error.message };
  if (schema) return writeMembers(schema, error.statusCode, { ...message, ...error.members });
  const body = JSON.stringify({ message: error.message, ...jsonable(error.members) });
  return { status: error.statusCode, headers: { 'content-type': 'application/json' }, body };
}

function withRequestId(response: WireResponse, requestId: string): WireResponse {
  return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
}
