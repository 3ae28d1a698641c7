import { monotonicMs } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import { corsHeaders, preflightHeaders } from '../../../models/apigateway/cors.ts';
import { httpApiEvent } from '../../../models/apigateway/event.ts';
import { gatewayResponse, type HttpApiResponse, httpApiResponse } from '../../../models/apigateway/response.ts';
import type { RouteMatch } from '../../../models/apigateway/routes.ts';
import { ApiThrottle } from '../../../models/apigateway/throttle.ts';
import type { FrontDoorRequest, FrontDoorResponse, LabContext } from '../../contract.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';
import type { InvokeInput, InvokeOutput } from '../lambda/operations/invoke.ts';
import { invocationReport } from '../lambda/report.ts';
import { type HttpApi, type Integration, type Stage, throttleOf } from './http-api.ts';
import { StageMetrics } from './metrics.ts';

/** A request on its way: its API, stage and route are known. */
interface Routed {
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly match: RouteMatch<Integration>;
  readonly requestId: string;
  readonly nowMs: number;
}

interface Answer {
  readonly response: HttpApiResponse;
  /** How long the integration took, and was meant to take; undefined when none was called. */
  readonly integrationMs?: number;
  readonly modelledMs: number;
}

const caller = { kind: 'service', service: 'apigateway' } as const;

/** Serves the requests of clients: throttles, routes, invokes the function, and gives its answer the time that it takes on AWS. */
export class FrontDoor {
  readonly #context: LabContext;
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;
  readonly #throttle: ApiThrottle;
  readonly #metrics = new Map<string, StageMetrics>();
  readonly #maxBytes: number;
  readonly #meteredBytes: number;
  readonly #rng: LabContext['rng'];

  constructor(context: LabContext) {
    const { quotas, rng } = context;
    this.#context = context;
    this.#rng = rng.fork('apigateway');
    this.#delays = context.delays ? new Delays(context.wall, rng.fork('apigateway-delays')) : undefined;
    this.#times = new ServiceTimes(context.latency, rng.fork('apigateway-times'));
    const account = { ratePerSec: quotas.number('apigateway.account-rate'), burst: quotas.number('apigateway.account-burst') };
    this.#throttle = new ApiThrottle(account, context.clock.now());
    this.#maxBytes = quotas.number('apigateway.http-api-payload-max');
    this.#meteredBytes = quotas.number('apigateway.http-api-metering-increment');
  }

  async serve(api: HttpApi, request: FrontDoorRequest): Promise<FrontDoorResponse> {
    const nowMs = this.#context.clock.now();
    const requestId = `${Buffer.from(this.#rng.hex(22), 'hex').toString('base64url')}=`;
    const staged = api.stageOf(request.path);
    // What the client gets of a defect of the lab; it counts as any other answer.
    let answer = own(500, 'Internal Server Error');
    try {
      const overheadMs = this.#delays ? this.#times.sampleMs('apigateway.http-api') : 0;
      answer = staged ? await this.#answer(api, staged, request, requestId, nowMs) : own(404, 'Not Found');
      const modelledMs = overheadMs + answer.modelledMs;
      const leftMs = this.#delays?.left(request.arrivedMs + modelledMs) ?? 0;
      if (leftMs > 0) await this.#delays?.wait(leftMs);
      return this.#response(api, request, requestId, answer.response, modelledMs);
    } finally {
      if (staged) this.#publish(api, staged.stage, request, answer, bytesOf(request, answer.response), nowMs);
    }
  }

  #response(api: HttpApi, request: FrontDoorRequest, requestId: string, response: HttpApiResponse, modelledMs: number): FrontDoorResponse {
    const { status, headers, body } = response;
    const bytes = bytesOf(request, response);
    const cors = api.cors ? corsHeaders(api.cors, request.headers['origin']) : {};
    return {
      status,
      headers: { ...headers, ...cors, 'apigw-requestid': requestId },
      body,
      modelledMs,
      usage: [{ resource: api.id, dimension: 'apigateway.http-request', quantity: Math.max(1, Math.ceil(bytes / this.#meteredBytes)) }],
    };
  }

  async #answer(api: HttpApi, staged: { stage: Stage; path: string }, request: FrontDoorRequest, requestId: string, nowMs: number): Promise<Answer> {
    const { stage, path } = staged;
    const match = api.routes.match(request.method, path);
    if (request.method === 'OPTIONS' && api.cors && match?.route.routeKey !== `OPTIONS ${path}`) return preflight(api, request);
    // An unmatched request still takes of the account's bucket.
    const routeKey = match?.route.routeKey ?? '';
    const limit = match && throttleOf(stage, routeKey);
    if (!this.#throttle.take(`${api.id}/${stage.name}/${routeKey}`, limit, nowMs)) return own(429, 'Too Many Requests');
    if (request.body.byteLength > this.#maxBytes) return own(413, 'Request Entity Too Large');
    if (!match) return own(404, 'Not Found');
    return this.#integrate({ api, stage, match, requestId, nowMs }, request);
  }

  async #integrate(routed: Routed, request: FrontDoorRequest): Promise<Answer> {
    const { functionArn, timeoutMs } = routed.match.route.target;
    const payload = Buffer.from(JSON.stringify(this.#event(routed, request)));
    const startedMs = monotonicMs();
    const invoked = this.#context.call<InvokeOutput>(
      'lambda',
      'Invoke',
      { FunctionName: functionArn, Payload: payload } satisfies InvokeInput,
      caller,
    );
    const output = await this.#within(invoked, timeoutMs);
    const integrationMs = monotonicMs() - startedMs;
    if (output === 'overdue') return { ...own(503, 'Service Unavailable'), integrationMs, modelledMs: timeoutMs };
    if (output instanceof AwsError) return { ...own(refusalStatus(output), refusalText(output)), integrationMs };
    const report = output[invocationReport];
    const response = output.FunctionError === undefined && report ? httpApiResponse(report.payload) : undefined;
    return { response: response ?? gatewayResponse(500, 'Internal Server Error'), integrationMs, modelledMs: report?.modelledMs ?? 0 };
  }

  #event({ api, stage, match, requestId, nowMs }: Routed, request: FrontDoorRequest): object {
    const { account, region } = this.#context;
    return httpApiEvent({
      accountId: account,
      apiId: api.id,
      region,
      stage: stage.name,
      stageVariables: stage.variables,
      routeKey: match.route.routeKey,
      pathParameters: match.pathParameters,
      requestId,
      method: request.method,
      path: request.path,
      rawQuery: request.rawQuery,
      headers: request.headers,
      body: request.body,
      sourceIp: request.sourceIp,
      nowMs,
    });
  }

  /** The integration's answer, or that it is overdue; the function then runs on, as on AWS. */
  #within(invoked: Promise<InvokeOutput>, timeoutMs: number): Promise<InvokeOutput | AwsError | 'overdue'> {
    return new Promise((resolve, reject) => {
      const cancel = this.#context.wall.schedule(timeoutMs, () => resolve('overdue'));
      invoked.then(
        (output) => {
          cancel();
          resolve(output);
        },
        (thrown: unknown) => {
          cancel();
          if (thrown instanceof AwsError) resolve(thrown);
          else reject(thrown);
        },
      );
    });
  }

  #publish(api: HttpApi, stage: Stage, request: FrontDoorRequest, answer: Answer, bytes: number, atMs: number): void {
    const key = `${api.id}/${stage.name}`;
    let metrics = this.#metrics.get(key);
    if (!metrics) {
      metrics = new StageMetrics(this.#context.metrics, api.id, stage.name);
      this.#metrics.set(key, metrics);
    }
    const { response, integrationMs } = answer;
    metrics.add({ status: response.status, latencyMs: monotonicMs() - request.arrivedMs, integrationMs, bytes }, atMs);
  }
}

/** What passed through, both ways. */
function bytesOf(request: FrontDoorRequest, { body }: HttpApiResponse): number {
  return request.body.byteLength + (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
}

/** An answer of the gateway's own. */
function own(status: number, message: string): Answer {
  return { response: gatewayResponse(status, message), modelledMs: 0 };
}

/** A throttled function is 503 to the client (for HTTP APIs not documented: assumed); any other refusal is the gateway's 500. */
function refusalStatus({ name }: AwsError): number {
  return name === 'TooManyRequestsException' ? 503 : 500;
}

function refusalText(error: AwsError): string {
  return refusalStatus(error) === 503 ? 'Service Unavailable' : 'Internal Server Error';
}

function preflight(api: HttpApi, request: FrontDoorRequest): Answer {
  const headers = preflightHeaders(api.cors ?? {}, request.headers['origin']);
  return { response: { status: 204, headers, body: '' }, modelledMs: 0 };
}
