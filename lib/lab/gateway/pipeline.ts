import { monotonicMs } from '../../core/clock.ts';
import type { CallContext, Caller, MetricSeries, MetricSink, Operation, Outcome } from '../contract.ts';
import { type Delays, Lead, type ServiceTimes } from './delays.ts';
import type { FaultDecider } from './faults.ts';
import type { Meter } from './meter.ts';

/** One operation of one service, with what the pipeline keeps for it. */
export interface PipelineEntry {
  readonly service: string;
  readonly name: string;
  /** The service declares each operation with its own input; only the gateway, which decodes by that operation's shape, calls it. */
  readonly operation: Operation<unknown, unknown>;
  /** Of the metric Excess; made at the first call, so that what was never called is not listed. */
  excess: MetricSeries | undefined;
  /** Of the metric Modelled; made at the first call that was meant to take time. */
  modelled: MetricSeries | undefined;
  readonly lead: Lead;
}

export interface PipelineParts {
  readonly faults: readonly FaultDecider[];
  /** Absent when the lab adds no service time. */
  readonly delays: Delays | undefined;
  readonly serviceTimes: ServiceTimes;
  readonly meter: Meter;
  readonly metrics: MetricSink;
}

/** A call on its way through the pipeline. */
export interface PipelineCall extends CallContext {
  /** True when the answer is still to be sent: its sender then publishes the excess, with the time that it waited to be sent. */
  readonly sent: boolean;
  /** Of the operation, once the call is over, where the sender needs it. */
  excess: MetricSeries | undefined;
}

/** What every call goes through, however it arrived: faults, admission, service time, action, meter, metrics. */
export class Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  entry(service: string, name: string, operation: Operation): PipelineEntry {
    return {
      service,
      name,
      operation: operation as unknown as Operation<unknown, unknown>,
      excess: undefined,
      modelled: undefined,
      lead: new Lead(),
    };
  }

  /** Runs one call; rejects with what a fault, the admission or the operation throws. */
  async run(entry: PipelineEntry, input: unknown, call: PipelineCall): Promise<unknown> {
    const { operation } = entry;
    try {
      this.#admit(entry, input, call);
      if (operation.latencyKey !== undefined && this.#parts.delays) {
        const waitMs = this.#dueIn(operation.latencyKey, entry.lead, call);
        if (waitMs > 0) await this.#parts.delays.wait(waitMs);
      }
      const acted = operation.act(input, call);
      const output = acted instanceof Promise ? await acted : acted;
      if (operation.latencyKey !== undefined && this.#parts.delays) entry.lead.learn(monotonicMs() - call.arrivedMs - call.modelledMs);
      if (operation.meter) this.#parts.meter.add(operation.meter(input, output, call));
      this.#finish(entry, input, { output }, call);
      return output;
    } catch (thrown) {
      if (operation.meterError) this.#parts.meter.add(operation.meterError(input, thrown, call));
      this.#finish(entry, input, { error: thrown }, call);
      throw thrown;
    }
  }

  #admit({ service, name, operation }: PipelineEntry, input: unknown, call: CallContext): void {
    for (const decide of this.#parts.faults) decide({ service, operation: name, input, call });
    operation.admit?.(input, call);
  }

  /** Milliseconds to wait so that the call ends when the sampled service time, counted from its arrival, has passed. */
  #dueIn(latencyKey: string, lead: Lead, call: CallContext): number {
    const serviceMs = this.#parts.serviceTimes.sampleMs(latencyKey);
    call.modelledMs += serviceMs;
    return this.#parts.delays?.left(call.arrivedMs + serviceMs - lead.ms) ?? 0;
  }

  #finish(entry: PipelineEntry, input: unknown, outcome: Outcome, call: PipelineCall): void {
    const tookMs = monotonicMs() - call.arrivedMs;
    const { metrics } = this.#parts;
    const operation = `${entry.service}.${entry.name}`;
    entry.excess ??= excessSeries(metrics, operation);
    if (call.modelledMs > 0) {
      entry.modelled ??= modelledSeries(metrics, operation);
      entry.modelled.add(call.modelledMs);
    }
    if (call.sent) call.excess = entry.excess;
    else entry.excess.add(excessMs(tookMs, call.modelledMs));
    entry.operation.publish?.(input, outcome, tookMs, call);
  }
}

/** `sent`: the answer leaves the lab, so that the call is not over when the operation is. */
export function callContext(requestId: string, caller: Caller, arrivedMs: number, sent = false): PipelineCall {
  return { requestId, caller, arrivedMs, modelledMs: 0, sent, excess: undefined };
}

/** Delivered minus modelled; a timer that fired early is no excess, and CloudWatch has no percentiles of values below zero. */
export function excessMs(tookMs: number, modelledMs: number): number {
  return Math.max(0, tookMs - modelledMs);
}

/** How late the lab was, in wall ms, for one operation: delivered minus modelled. */
export function excessSeries(metrics: MetricSink, operation: string): MetricSeries {
  return metrics.series('Proofload/Lab', 'Excess', { Operation: operation }, 'Milliseconds');
}

/** What the models meant each call of one operation to take, in wall ms: how much excess is much follows from it. */
export function modelledSeries(metrics: MetricSink, operation: string): MetricSeries {
  return metrics.series('Proofload/Lab', 'Modelled', { Operation: operation }, 'Milliseconds');
}
