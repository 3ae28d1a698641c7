import { monotonicMs } from '../../../core/clock.ts';
import type { GatewayResponse } from '../../../models/apigateway/response.ts';
import type { FrontDoorRequest, FrontDoorResponse, LabContext, Usage } from '../../contract.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';
import type { RequestFigures, StageMetrics } from './metrics.ts';

/** What one request comes to, before it takes its time. */
export interface Answer {
  readonly response: GatewayResponse;
  /** How long the integration took; undefined when none was called. */
  readonly integrationMs?: number;
  /** How long it was meant to take. */
  readonly modelledMs: number;
  /** Throttled or refused for its key: AWS does not charge those. */
  readonly free?: boolean;
  readonly detailed?: RequestFigures['detailed'];
}

/** One request to one API, as its kind sees it. */
export interface Exchange {
  /** Key of `config/latency`: what the gateway adds to the integration's time. */
  readonly latencyKey: string;
  /** Undefined where the request led to no stage: it counts nowhere. */
  readonly metrics: StageMetrics | undefined;
  /** What the client gets of a defect of the lab; it counts as any other answer. */
  readonly defect: Answer;
  answer(nowMs: number): Promise<Answer>;
  /** Headers that the gateway puts on every response. */
  headers(answer: Answer): Readonly<Record<string, string>>;
  /** Units of the price that a request with so many bytes both ways is. */
  usage(bytes: number): Usage;
}

/** Gives answers the time that they take on AWS, and counts and meters them. */
export class Exchanges {
  readonly #context: LabContext;
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;

  constructor(context: LabContext) {
    this.#context = context;
    this.#delays = context.delays ? new Delays(context.wall) : undefined;
    this.#times = new ServiceTimes(context.latency, context.rng.fork('apigateway-times'));
  }

  async run(request: FrontDoorRequest, exchange: Exchange): Promise<FrontDoorResponse> {
    const nowMs = this.#context.clock.now();
    let answer = exchange.defect;
    try {
      const overheadMs = this.#delays ? this.#times.sampleMs(exchange.latencyKey) : 0;
      answer = await exchange.answer(nowMs);
      const modelledMs = overheadMs + answer.modelledMs;
      const leftMs = this.#delays?.left(request.arrivedMs + modelledMs) ?? 0;
      if (leftMs > 0) await this.#delays?.wait(leftMs);
      const { status, headers, body } = answer.response;
      const usage = answer.free === true ? [] : [exchange.usage(bytesOf(request, answer.response))];
      return { status, headers: { ...headers, ...exchange.headers(answer) }, body, modelledMs, usage };
    } finally {
      this.#publish(request, exchange, answer, nowMs);
    }
  }

  #publish(request: FrontDoorRequest, { metrics }: Exchange, { response, integrationMs, detailed }: Answer, atMs: number): void {
    const latencyMs = monotonicMs() - request.arrivedMs;
    metrics?.add({ status: response.status, latencyMs, integrationMs, bytes: bytesOf(request, response), detailed }, atMs);
  }
}

/** What passed through, both ways. */
function bytesOf(request: FrontDoorRequest, { body }: GatewayResponse): number {
  return request.body.byteLength + (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
}
