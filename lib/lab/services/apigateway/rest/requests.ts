import type { MethodMatch } from '../../../../models/apigateway/methods.ts';
import type { GatewayResponse } from '../../../../models/apigateway/response.ts';
import { restApiEvent } from '../../../../models/apigateway/rest-event.ts';
import { restApiResponse, restGatewayResponses } from '../../../../models/apigateway/rest-response.ts';
import { admits } from '../../../../models/apigateway/throttle.ts';
import type { TokenBucket } from '../../../../models/token-bucket.ts';
import type { FrontDoorRequest, FrontDoorResponse, LabContext } from '../../../contract.ts';
import type { Answer, Exchanges } from '../exchange.ts';
import { type Called, callFunction } from '../lambda-call.ts';
import { StageMetrics } from '../metrics.ts';
import type { MethodSetup, RestApi, RestStage } from './rest-api.ts';
import type { ApiKey, UsagePlans } from './usage-plans.ts';

interface Ids {
  readonly requestId: string;
  readonly extendedRequestId: string;
}

/** A request on its way: its API, stage, method and client are known. */
interface Routed {
  readonly api: RestApi;
  readonly stage: RestStage;
  /** Below the stage. */
  readonly path: string;
  readonly match: MethodMatch<MethodSetup>;
  readonly key: ApiKey | undefined;
  readonly ids: Ids;
  readonly nowMs: number;
}

const metricNames = { clientErrors: '4XXError', serverErrors: '5XXError' };
const { missingToken, forbidden, throttled, quotaExceeded, tooLarge, internalError, badAnswer, timedOut } = restGatewayResponses;

/** Serves the requests that clients make of REST APIs: finds the method, checks the key, throttles, invokes the function, and gives its answer. */
export class RestRequests {
  readonly #context: LabContext;
  readonly #exchanges: Exchanges;
  readonly #plans: UsagePlans;
  readonly #account: TokenBucket;
  readonly #metrics = new WeakMap<RestStage, StageMetrics>();
  readonly #maxBytes: number;
  readonly #rng: LabContext['rng'];

  /** `account` is the bucket that all APIs share. */
  constructor(context: LabContext, exchanges: Exchanges, account: TokenBucket, plans: UsagePlans) {
    this.#context = context;
    this.#exchanges = exchanges;
    this.#account = account;
    this.#plans = plans;
    this.#rng = context.rng.fork('apigateway-rest');
    this.#maxBytes = context.quotas.number('apigateway.rest-api-payload-max');
  }

  serve(api: RestApi, request: FrontDoorRequest): Promise<FrontDoorResponse> {
    const ids = { requestId: this.#rng.uuid(), extendedRequestId: `${Buffer.from(this.#rng.hex(22), 'hex').toString('base64url')}=` };
    const staged = api.stageOf(request.path);
    return this.#exchanges.run(request, {
      latencyKey: 'apigateway.rest-api',
      metrics: staged && this.#metricsOf(api, staged.stage),
      defect: own(internalError),
      answer: async (nowMs) => (staged ? this.#answer(api, staged, request, ids, nowMs) : free(forbidden)),
      headers: () => ({ 'x-amzn-requestid': ids.requestId, 'x-amz-apigw-id': ids.extendedRequestId }),
      usage: () => ({ resource: api.id, dimension: 'apigateway.rest-request', quantity: 1 }),
    });
  }

  async #answer(api: RestApi, staged: { stage: RestStage; path: string }, request: FrontDoorRequest, ids: Ids, nowMs: number): Promise<Answer> {
    const { stage, path } = staged;
    const match = stage.methods.match(request.method, path);
    // What leads to no method, and what lacks its key, still takes of the account's bucket.
    if (!match) return free(admits([this.#account], nowMs) ? missingToken : throttled);
    const { key, resource, httpMethod, target } = match.method;
    const detailed = stage.detailed.has(key) ? { Method: httpMethod, Resource: resource } : undefined;
    const client = target.apiKeyRequired ? this.#plans.client(request.headers['x-api-key'], stage.key) : undefined;
    if (target.apiKeyRequired && !client) return { ...free(admits([this.#account], nowMs) ? forbidden : throttled), detailed };
    const refusal = client?.usage.take(stage.key, key, nowMs);
    if (refusal === 'quota-exceeded') return { ...free(quotaExceeded), detailed };
    if (refusal !== undefined || !admits([stage.buckets.of(key, nowMs), this.#account], nowMs)) return { ...free(throttled), detailed };
    if (request.body.byteLength > this.#maxBytes) return { ...own(tooLarge), detailed };
    return { ...(await this.#integrate({ api, stage, path, match, key: client?.key, ids, nowMs }, request)), detailed };
  }

  async #integrate(routed: Routed, request: FrontDoorRequest): Promise<Answer> {
    const { integration } = routed.match.method.target;
    const called = await callFunction(this.#context, integration, this.#event(routed, request));
    return answerOf(called, integration.timeoutMs);
  }

  #event({ api, stage, path, match, key, ids, nowMs }: Routed, request: FrontDoorRequest): object {
    const { account, region } = this.#context;
    return restApiEvent({
      accountId: account,
      apiId: api.id,
      region,
      stage: stage.name,
      deploymentId: stage.deploymentId,
      stageVariables: stage.variables,
      resource: match.method.resource,
      resourceId: match.method.target.resourceId,
      pathParameters: match.pathParameters,
      ...ids,
      method: request.method,
      path,
      rawQuery: request.rawQuery,
      rawHeaders: request.rawHeaders,
      body: request.body,
      sourceIp: request.sourceIp,
      apiKey: key,
      nowMs,
    });
  }

  #metricsOf(api: RestApi, stage: RestStage): StageMetrics {
    let metrics = this.#metrics.get(stage);
    if (!metrics) {
      metrics = new StageMetrics(this.#context.metrics, metricNames, { ApiName: api.name }, stage.name);
      this.#metrics.set(stage, metrics);
    }
    return metrics;
  }
}

/** What the client gets of an integration's end. A throttled function is a 500 (knowledge center), an event above Lambda's own limit a 413 (assumed). */
function answerOf(called: Called, timeoutMs: number): Answer {
  const { integrationMs } = called;
  switch (called.end) {
    case 'overdue':
      return { response: timedOut, integrationMs, modelledMs: timeoutMs };
    case 'refused':
      return { response: called.error.name === 'RequestTooLargeException' ? tooLarge : internalError, integrationMs, modelledMs: 0 };
    case 'failed':
      return { response: badAnswer, integrationMs, modelledMs: called.report?.modelledMs ?? 0 };
    case 'answered':
      return { response: restApiResponse(called.report.payload) ?? badAnswer, integrationMs, modelledMs: called.report.modelledMs };
  }
}

function own(response: GatewayResponse): Answer {
  return { response, modelledMs: 0 };
}

/** An answer that AWS does not charge. */
function free(response: GatewayResponse): Answer {
  return { response, modelledMs: 0, free: true };
}
