import type { AwsError } from '../../../../core/errors.ts';
import { corsHeaders, preflightHeaders } from '../../../../models/apigateway/cors.ts';
import { httpApiEvent } from '../../../../models/apigateway/event.ts';
import { gatewayResponse, httpApiResponse } from '../../../../models/apigateway/response.ts';
import type { RouteMatch } from '../../../../models/apigateway/routes.ts';
import { admits } from '../../../../models/apigateway/throttle.ts';
import type { TokenBucket } from '../../../../models/token-bucket.ts';
import type { FrontDoorRequest, FrontDoorResponse, LabContext } from '../../../contract.ts';
import type { Answer, Exchange, Exchanges } from '../exchange.ts';
import { callFunction, type Integration } from '../lambda-call.ts';
import { StageMetrics } from '../metrics.ts';
import type { HttpApi, Stage } from './http-api.ts';

/** A request on its way: its API, stage and route are known. */
interface Routed {
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly match: RouteMatch<Integration>;
  readonly requestId: string;
  readonly nowMs: number;
}

const metricNames = { clientErrors: '4xx', serverErrors: '5xx', dataProcessed: 'DataProcessed' };
const defect = own(500, 'Internal Server Error');

/** Serves the requests that clients make of HTTP APIs: routes, throttles, invokes the function, and gives its answer. */
export class HttpRequests {
  readonly #context: LabContext;
  readonly #exchanges: Exchanges;
  readonly #account: TokenBucket;
  readonly #metrics = new WeakMap<Stage, StageMetrics>();
  readonly #maxBytes: number;
  readonly #meteredBytes: number;
  readonly #rng: LabContext['rng'];

  /** `account` is the bucket that all APIs share. */
  constructor(context: LabContext, exchanges: Exchanges, account: TokenBucket) {
    this.#context = context;
    this.#exchanges = exchanges;
    this.#account = account;
    this.#rng = context.rng.fork('apigateway');
    this.#maxBytes = context.quotas.number('apigateway.http-api-payload-max');
    this.#meteredBytes = context.quotas.number('apigateway.http-api-metering-increment');
  }

  serve(api: HttpApi, request: FrontDoorRequest): Promise<FrontDoorResponse> {
    const requestId = `${Buffer.from(this.#rng.hex(22), 'hex').toString('base64url')}=`;
    const staged = api.stageOf(request.path);
    const exchange: Exchange = {
      latencyKey: 'apigateway.http-api',
      metrics: staged && this.#metricsOf(api, staged.stage),
      defect,
      answer: async (nowMs) => (staged ? this.#answer(api, staged, request, requestId, nowMs) : own(404, 'Not Found')),
      headers: () => ({ ...(api.cors ? corsHeaders(api.cors, request.headers['origin']) : {}), 'apigw-requestid': requestId }),
      usage: (bytes) => ({
        resource: api.id,
        dimension: 'apigateway.http-request',
        quantity: Math.max(1, Math.ceil(bytes / this.#meteredBytes)),
      }),
    };
    return this.#exchanges.run(request, exchange);
  }

  async #answer(api: HttpApi, staged: { stage: Stage; path: string }, request: FrontDoorRequest, requestId: string, nowMs: number): Promise<Answer> {
    const { stage, path } = staged;
    const match = api.routes.match(request.method, path);
    if (request.method === 'OPTIONS' && api.cors && match?.route.routeKey !== `OPTIONS ${path}`) return preflight(api, request);
    const detailed = match && detailedOf(stage, match.route.routeKey);
    // An unmatched request still takes of the account's bucket.
    const route = match && stage.buckets.of(match.route.routeKey, nowMs);
    if (!admits([route, this.#account], nowMs)) return { ...own(429, 'Too Many Requests'), free: true, detailed };
    if (request.body.byteLength > this.#maxBytes) return { ...tooLarge, detailed };
    if (!match) return own(404, 'Not Found');
    return { ...(await this.#integrate({ api, stage, match, requestId, nowMs }, request)), detailed };
  }

  async #integrate(routed: Routed, request: FrontDoorRequest): Promise<Answer> {
    const { target } = routed.match.route;
    const called = await callFunction(this.#context, target, this.#event(routed, request));
    const { integrationMs } = called;
    if (called.end === 'overdue') return { ...own(503, 'Service Unavailable'), integrationMs, modelledMs: target.timeoutMs };
    if (called.end === 'refused') return { ...refusal(called.error), integrationMs };
    const response = called.end === 'answered' ? httpApiResponse(called.report.payload) : undefined;
    return { response: response ?? defect.response, integrationMs, modelledMs: called.report?.modelledMs ?? 0 };
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

  #metricsOf(api: HttpApi, stage: Stage): StageMetrics {
    let metrics = this.#metrics.get(stage);
    if (!metrics) {
      metrics = new StageMetrics(this.#context.metrics, metricNames, { ApiId: api.id }, stage.name);
      this.#metrics.set(stage, metrics);
    }
    return metrics;
  }
}

const tooLarge = own(413, 'Request Entity Too Large');

/** An answer of the gateway's own. */
function own(status: number, message: string): Answer {
  return { response: gatewayResponse(status, message), modelledMs: 0 };
}

/** A throttled function is 503 to the client, and an event above Lambda's own limit 413 (for HTTP APIs not documented: assumed); any other refusal is 500. */
function refusal({ name }: AwsError): Answer {
  if (name === 'TooManyRequestsException') return own(503, 'Service Unavailable');
  return name === 'RequestTooLargeException' ? tooLarge : defect;
}

function preflight(api: HttpApi, request: FrontDoorRequest): Answer {
  const headers = preflightHeaders(api.cors ?? {}, request.headers['origin']);
  return { response: { status: 204, headers, body: '' }, modelledMs: 0 };
}

/** Dimensions of the route's own metrics, where the stage has them on. */
function detailedOf(stage: Stage, routeKey: string): Answer['detailed'] {
  if (!(stage.detailed.own.get(routeKey) ?? stage.detailed.standard)) return undefined;
  const space = routeKey.indexOf(' ');
  return space < 0 ? { Method: 'ANY', Resource: routeKey } : { Method: routeKey.slice(0, space), Resource: routeKey.slice(space + 1) };
}
