import { gunzipSync } from 'node:zlib';
import { monotonicMs } from '../../core/clock.ts';
import { AwsError, messageOf } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import type { Caller, LabService, WireRequest, WireResponse } from '../contract.ts';
import { callContext, type Pipeline, type PipelineCall, type PipelineEntry } from './pipeline.ts';
import { jsonShapes } from './protocols/json-shapes.ts';
import { jsonable } from './protocols/jsonable.ts';
import type { Protocol, WireService } from './protocols/protocol.ts';
import { restXml } from './protocols/rest-xml.ts';
import { protocolOf, serviceOf } from './route-request.ts';

export interface GatewayOptions {
  readonly pipeline: Pipeline;
  readonly wires: ReadonlyMap<string, WireService>;
  readonly rng: Rng;
  /** Told of everything that is not an AwsError: a defect of the lab, which its caller sees as a 500. */
  readonly onDefect: (thrown: unknown, operation: string) => void;
}

/** The one way into the services: decodes, runs the pipeline, encodes; for HTTP, function hosts and calls between services. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #entries = new Map<string, Map<string, PipelineEntry>>();

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  add(service: LabService): void {
    const { pipeline } = this.#options;
    const named = Object.entries(service.operations).map(([name, operation]) => [name, pipeline.entry(service.name, name, operation)] as const);
    this.#entries.set(service.name, new Map(named));
  }

  /** Serves one request in wire format; never rejects: what goes wrong is a response. */
  async wire(request: WireRequest): Promise<WireResponse> {
    const requestId = this.#options.rng.uuid();
    const protocol = protocolOf(request);
    let wire: WireService | undefined;
    const call = callContext(requestId, request.caller, request.arrivedMs, request.caller.kind === 'http');
    let operation = '';
    try {
      const service = serviceOf(request);
      wire = this.#wireOf(service, request);
      if (service === undefined) throw protocol.missingToken();
      if (!wire) throw noService(service, [...this.#entries.keys()]);
      const decoded = protocol.decode(protocol === restXml ? request : unzipped(request), wire);
      operation = decoded.operation;
      const entry = this.#entry(wire, operation, protocol);
      const output = await this.#options.pipeline.run(entry, decoded.input(), call);
      return modelled(protocol.encode(wire, operation, output, requestId), call);
    } catch (thrown) {
      return modelled(protocol.encodeError(wire, this.#awsError(thrown, `${wire?.name}.${operation}`), requestId), call);
    }
  }

  /** A call of one service to another, in the SDK's shapes. */
  async call(service: string, operation: string, input: unknown, caller: Caller): Promise<unknown> {
    const wire = this.#options.wires.get(service);
    const entry = this.#entries.get(service)?.get(operation);
    if (!wire || !entry) throw unknownOperation(service, operation);
    const context = callContext(this.#options.rng.uuid(), caller, monotonicMs());
    if (!wire.plainJson) return this.#options.pipeline.run(entry, input, context);
    const output = await this.#options.pipeline.run(entry, jsonable(input), context);
    const schema = wire.schemas.operation(operation)?.output;
    return schema ? plainShapes.read(schema, output) : output;
  }

  /** The service that is called; of an unsigned request, the one whose manner the refusal takes. */
  #wireOf(service: string | undefined, { headers }: WireRequest): WireService | undefined {
    if (service !== undefined) return this.#entries.has(service) ? this.#options.wires.get(service) : undefined;
    const prefix = headers['x-amz-target']?.split('.')[0];
    return prefix === undefined ? undefined : [...this.#options.wires.values()].find(({ targetPrefix }) => targetPrefix === prefix);
  }

  #entry(wire: WireService, operation: string, protocol: Protocol): PipelineEntry {
    const entry = this.#entries.get(wire.name)?.get(operation);
    if (entry) return entry;
    throw protocol.unknownOperation(wire.name, operation);
  }

  #awsError(thrown: unknown, operation: string): AwsError {
    if (thrown instanceof AwsError) return thrown;
    this.#options.onDefect(thrown, operation);
    return new AwsError('InternalFailure', `The lab failed in ${operation}: ${messageOf(thrown)}`, 500);
  }
}

const plainShapes = jsonShapes(false);

/** For function hosts, which tell a function's own time from the lab's lateness, and for the server, which publishes that. */
function modelled(response: Mutable<WireResponse>, { modelledMs, excess }: PipelineCall): WireResponse {
  response.modelledMs = modelledMs;
  response.excess = excess;
  return response;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function noService(service: string, services: readonly string[]): AwsError {
  return new AwsError('UnknownOperationException', `The lab has no service ${service}; it has ${services.join(', ')}.`, 404);
}

function unknownOperation(service: string, operation: string): AwsError {
  return new AwsError('UnknownOperationException', `The lab has no operation ${service}.${operation}.`);
}

/** SDKs compress large PutMetricData requests; an object of S3 that is gzip stays so. */
function unzipped(request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  try {
    return { ...request, body: gunzipSync(request.body) };
  } catch (thrown) {
    throw new AwsError('SerializationException', `The request body is not valid gzip: ${messageOf(thrown)}`);
  }
}
