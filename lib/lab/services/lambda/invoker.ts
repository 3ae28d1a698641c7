import { AwsError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time-format.ts';
import { billedDurationMs } from '../../../models/lambda/billing.ts';
import { extraCpuMs } from '../../../models/lambda/cpu.ts';
import type { ThrottleReason } from '../../../models/lambda/throttle.ts';
import type { CallContext, LabContext } from '../../contract.ts';
import type { FunctionHosts } from '../../functions/function-hosts.ts';
import type { HostedEnvironment, InvokeRequest } from '../../functions/hosted-environment.ts';
import { type ResultMessage, toProcessMs, toThreadMs } from '../../functions/messages.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';
import { throttled } from './errors.ts';
import type { FaultInjection } from './fault-injection.ts';
import type { Functions } from './functions.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { LambdaMetrics } from './metrics.ts';
import type { Outcome } from './outcome.ts';
import type { InvocationReport } from './report.ts';

interface Start {
  /** Init Duration; undefined for a warm environment. */
  readonly initMs?: number;
  readonly modelledMs: number;
  /** The error payload, where the environment could not start. */
  readonly error?: string;
  readonly lines?: readonly string[];
  readonly overdue?: boolean;
}

/** New environments for one invocation whose hosts were ended before they had begun it; more than one is bad luck, all of them a defect. */
const maxRestarts = 3;

const warmStart: Start = { modelledMs: 0 };

/** Runs invocations: admission, an environment (warm or cold), the handler with its time-out, CPU time as modelled, metrics. */
export class Invoker {
  readonly #context: LabContext;
  readonly #functions: Functions;
  readonly #hosts: FunctionHosts;
  readonly #metrics: LambdaMetrics;
  readonly #faults: FaultInjection;
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;
  readonly #rng: LabContext['rng'];
  readonly #vcpuAtMb: number;
  readonly #calibration: number;
  readonly #initMaxMs: number;
  readonly #payloadMax: number;

  constructor(context: LabContext, functions: Functions, hosts: FunctionHosts, metrics: LambdaMetrics, faults: FaultInjection) {
    const { quotas, latency, rng } = context;
    this.#context = context;
    this.#functions = functions;
    this.#hosts = hosts;
    this.#metrics = metrics;
    this.#faults = faults;
    this.#rng = rng.fork('lambda');
    this.#delays = context.delays ? new Delays(context.wall) : undefined;
    this.#times = new ServiceTimes(latency, rng.fork('lambda-times'));
    this.#vcpuAtMb = quotas.number('lambda.vcpu-at-memory');
    this.#calibration = latency.number('lambda.cpu-calibration');
    this.#initMaxMs = quotas.number('lambda.init-phase-max') * 1000;
    this.#payloadMax = quotas.number('lambda.payload-max');
  }

  /** Runs one invocation of `found` with the event `payload` (JSON). Throws TooManyRequestsException when it is throttled. */
  async invoke(found: LambdaFunction, payload: string, call: CallContext): Promise<InvocationReport> {
    const { admission } = this.#functions;
    const nowMs = this.#context.clock.now();
    const refused = admission.enter(found.name, nowMs);
    if (refused) throw this.#throttle(found, refused, nowMs);
    const warm = found.idle.take(nowMs, (environment) => environment.usable && environment.definition.id === found.definition);
    const slow = warm ? undefined : admission.scale(found.name, nowMs);
    if (slow) {
      admission.pool.leave(found.name);
      throw this.#throttle(found, slow, nowMs);
    }
    const { pool } = admission;
    this.#metrics.concurrency(found.name, pool.runningOf(found.name), nowMs);
    this.#metrics.accountConcurrency(pool.running, pool.unreservedRunning, nowMs);
    const report = await this.#runUntilStarted(found, warm, payload, call, nowMs).finally(() => pool.leave(found.name));
    return this.#answer(report, call);
  }

  /**
   * Holds the answer back by what the Invoke API itself takes. One wait at the end, to an absolute time: what the lab was late with before
   * comes off it. The environment is free by then, because its concurrency is only what the function takes.
   */
  async #answer(report: InvocationReport, call: CallContext): Promise<InvocationReport> {
    const overheadMs = this.#delays ? this.#times.sampleMs('lambda.invoke') : 0;
    const modelledMs = report.modelledMs + overheadMs;
    call.modelledMs += modelledMs;
    await this.#waitUntil(call.arrivedMs + modelledMs);
    return { ...report, modelledMs };
  }

  #throttle(found: LambdaFunction, reason: ThrottleReason, atMs: number) {
    this.#metrics.throttled(found.name, atMs);
    return throttled(reason);
  }

  /** Runs it in `warm` or a new environment; again in a new one when its host was ended before it had begun the invocation. */
  async #runUntilStarted(
    found: LambdaFunction,
    warm: HostedEnvironment | undefined,
    payload: string,
    call: CallContext,
    startedAtMs: number,
  ): Promise<InvocationReport> {
    let environment = warm ?? this.#newEnvironment(found, startedAtMs);
    let report = await this.#run(found, environment, !warm, payload, call, startedAtMs);
    for (let again = 0; report === undefined && again < maxRestarts; again++) {
      environment = this.#newEnvironment(found, startedAtMs);
      report = await this.#run(found, environment, true, payload, call, startedAtMs);
    }
    this.#release(found, environment);
    if (report) return report;
    throw new AwsError('ServiceException', `Hosts of ${found.name} end before they run anything.`, 500, { Type: 'Service' });
  }

  #newEnvironment(found: LambdaFunction, nowMs: number): HostedEnvironment {
    const environment = this.#hosts.start(found.definition, this.#logStream(nowMs));
    this.#faults.start(found, environment);
    return environment;
  }

  #release(found: LambdaFunction, environment: HostedEnvironment): void {
    if (environment.dead) return;
    if (found.deleted || environment.definition.id !== found.definition) environment.drop();
    else found.idle.put(environment, this.#context.clock.now());
  }

  async #run(
    found: LambdaFunction,
    environment: HostedEnvironment,
    cold: boolean,
    payload: string,
    call: CallContext,
    startedAtMs: number,
  ): Promise<InvocationReport | undefined> {
    const { memoryMb, timeoutSec } = found.settings;
    const { requestId } = call;
    const start = cold ? await this.#coldStart(found, environment, call.arrivedMs) : warmStart;
    const dueAt = toProcessMs(call.arrivedMs + start.modelledMs);
    const request = { requestId, payload, timeoutMs: timeoutSec * 1000, traceId: traceId(requestId, startedAtMs), dueAt };
    const outcome = start.error === undefined ? await this.#handle(found, environment, request, start.overdue) : failedStart(start.error);
    if (!outcome) return undefined;
    const lines = [...(start.lines ?? []), ...(outcome.lines ?? [])];
    const modelledMs = start.modelledMs + outcome.modelledMs;
    this.#metrics.invoked(found.name, startedAtMs, outcome.durationMs, outcome.failed);
    const billedMs = billedDurationMs(outcome.durationMs, start.initMs ?? 0);
    return {
      ...outcome,
      requestId,
      startedAtMs,
      billedMs,
      memoryMb,
      modelledMs,
      lines,
      ...(start.initMs === undefined ? {} : { initMs: start.initMs }),
    };
  }

  /** Starts cold: as long as sampled, or as long as the function's own code took here where that is more. */
  async #coldStart(found: LambdaFunction, environment: HostedEnvironment, arrivedMs: number): Promise<Start> {
    const sampledMs = this.#delays ? found.coldStart.sample(this.#rng.next()) : 0;
    // An init phase that is cut off at its limit runs again as part of the invocation, under the function's own time-out.
    const limitMs = this.#initMaxMs + found.settings.timeoutSec * 1000;
    const report = await this.#within(environment.started, limitMs);
    if (report === undefined) {
      environment.abandon();
      return { initMs: this.#initMaxMs, modelledMs: limitMs, overdue: true };
    }
    await this.#waitUntil(arrivedMs + sampledMs);
    const initMs = Math.max(sampledMs, report.tookMs);
    return {
      initMs,
      modelledMs: initMs,
      ...(report.error === undefined ? {} : { error: report.error }),
      ...(report.lines ? { lines: report.lines } : {}),
    };
  }

  async #handle(found: LambdaFunction, environment: HostedEnvironment, request: InvokeRequest, overdue = false): Promise<Outcome | undefined> {
    if (overdue) return this.#timedOut(found, request.requestId);
    const handler = (when: InvokeRequest): Promise<Outcome | undefined> => this.#runHandler(found, environment, when);
    return this.#faults.has(found)
      ? this.#faults.run(environment, request, handler, () => this.#timedOut(found, request.requestId))
      : handler(request);
  }

  async #runHandler(found: LambdaFunction, environment: HostedEnvironment, request: InvokeRequest): Promise<Outcome | undefined> {
    const end = await this.#within(environment.invoke(request), request.timeoutMs);
    if (end === undefined) {
      environment.abandon();
      return this.#timedOut(found, request.requestId);
    }
    if (end.kind === 'result') return this.#finish(found, environment, request, end);
    return end.kind === 'lost' ? lost(request.requestId) : undefined;
  }

  /** Holds the answer back by the CPU time that Lambda's share of a core would have taken more. */
  async #finish(found: LambdaFunction, environment: HostedEnvironment, request: InvokeRequest, end: ResultMessage): Promise<Outcome> {
    const tookMs = end.endedAt - end.startedAt;
    const extraMs = this.#delays ? extraCpuMs(cpuOf(found, environment, end), found.settings.memoryMb, this.#vcpuAtMb, this.#calibration) : 0;
    const modelledMs = Math.max(0, end.endedAt - end.lateMs - request.dueAt + extraMs);
    const durationMs = Math.min(Math.max(tookMs, modelledMs), request.timeoutMs);
    await this.#waitUntil(toThreadMs(request.dueAt) + Math.min(modelledMs, request.timeoutMs));
    if (Math.max(tookMs, modelledMs) > request.timeoutMs) {
      environment.abandon();
      return this.#timedOut(found, request.requestId);
    }
    const lines = end.lines ? { lines: end.lines } : {};
    if (!end.failed && end.payload.length > this.#payloadMax / 4 && Buffer.byteLength(end.payload) > this.#payloadMax) {
      return { payload: responseTooLarge(this.#payloadMax), failed: true, durationMs, modelledMs, ...lines };
    }
    return { payload: end.payload, failed: end.failed, durationMs, modelledMs, ...lines };
  }

  #timedOut(found: LambdaFunction, requestId: string): Outcome {
    const { timeoutSec } = found.settings;
    const text = `Task timed out after ${timeoutSec.toFixed(2)} seconds`;
    const error = { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${text}` };
    const timeoutLine = `${isoTime(this.#context.clock.now())} ${requestId} ${text}`;
    return { payload: JSON.stringify(error), failed: true, durationMs: timeoutSec * 1000, modelledMs: timeoutSec * 1000, timeoutLine };
  }

  /** What `promise` resolves to, or undefined when `limitMs` of the wall's time pass first. */
  #within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#context.wall.schedule(limitMs, () => resolve(undefined));
      void promise.then((value) => {
        cancel();
        resolve(value);
      });
    });
  }

  async #waitUntil(dueMs: number): Promise<void> {
    const leftMs = this.#delays?.left(dueMs) ?? 0;
    if (leftMs > 0) await this.#delays?.wait(leftMs);
  }

  #logStream(nowMs: number): string {
    return `${isoTime(nowMs).slice(0, 10).replaceAll('-', '/')}/[$LATEST]${this.#rng.hex(32)}`;
  }
}

/**
 * CPU time of an invocation: what invocations of the function take on average, because one measurement is coarse. The first of an environment,
 * which compiles much, counts for itself.
 */
function cpuOf({ cpu }: LambdaFunction, { served }: HostedEnvironment, { cpuMs }: ResultMessage): number {
  if (served === 1) return cpuMs ?? cpu.meanMs;
  if (cpuMs !== undefined) cpu.add(cpuMs);
  return cpu.meanMs;
}

function failedStart(payload: string): Outcome {
  return { payload, failed: true, durationMs: 0, modelledMs: 0 };
}

/** A neighbour's endless loop took the host down: no fault of the function, and on AWS it could not happen. */
function lost(requestId: string): Outcome {
  const error = {
    errorType: 'Sandbox.Failure',
    errorMessage: `RequestId: ${requestId} Error: the lab had to end the host that the environment shared`,
  };
  return { payload: JSON.stringify(error), failed: true, durationMs: 0, modelledMs: 0 };
}

function responseTooLarge(maxBytes: number): string {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${maxBytes} bytes).`;
  return JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
}

/** A trace header with ids made of the request's own, so that it costs no randomness. */
function traceId(requestId: string, nowMs: number): string {
  const hex = requestId.replaceAll('-', '');
  return `Root=1-${Math.floor(nowMs / 1000).toString(16)}-${hex.slice(0, 24)};Parent=${hex.slice(16, 32)};Sampled=0`;
}
