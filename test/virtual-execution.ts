import { seededRng } from '../lib/core/rng.ts';
import { advance, beginExecution, type Execution, reopenExecution } from '../lib/models/states/execution.ts';
import type { MapRunRequest } from '../lib/models/states/map-run.ts';
import { parseDefinition } from '../lib/models/states/parse.ts';
import type { Effect, ExecutionEvent, ExecutionStart, HistoryEvent, Json, TaskRequest } from '../lib/models/states/types.ts';

const account = 'arn:aws:states:us-east-1:123456789012';
const startMs = Date.parse('2026-01-01T00:00:00Z');

/** A definition of these states; the first one starts. */
export function machine(states: { readonly [name: string]: Json }, rest: { readonly [name: string]: Json } = {}): Json {
  return { StartAt: Object.keys(states)[0] as string, States: states, ...rest };
}

/** What a scripted task does; nothing leaves it open. */
type TaskReply =
  | { readonly output: Json; readonly submitted?: Json }
  | { readonly error: string; readonly cause?: string; readonly submitted?: Json }
  | undefined;

export interface VirtualOptions {
  readonly input?: Json;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly maxPayloadBytes?: number;
  readonly maxIterations?: number;
  readonly seed?: string;
  /** Answers each task, in the order in which they are asked for. */
  readonly tasks?: (request: TaskRequest, count: number) => TaskReply;
  /** What a Map Run comes to. */
  readonly mapRun?: (redriveCount: number) => { readonly results: readonly Json[] } | { readonly error: string; readonly cause: string } | undefined;
  /** Events from outside, in seconds after the start. */
  readonly outside?: readonly { readonly atSec: number; readonly event: (requests: readonly OpenTask[]) => ExecutionEvent }[];
}

interface OpenTask {
  readonly task: number;
  readonly request: TaskRequest;
}

/** An execution run to its end, or until nothing moves it any more. */
export interface VirtualRun {
  readonly execution: Execution;
  readonly history: readonly HistoryEvent[];
  /** `id<previousEventId type` of each event. */
  readonly trail: readonly string[];
  readonly ended: Extract<Effect, { kind: 'ended' }> | undefined;
  readonly requests: readonly OpenTask[];
  /** Seconds after the start at which each task was asked for. */
  readonly requestedSec: readonly number[];
  readonly cancelled: readonly number[];
  readonly mapRuns: readonly MapRunRequest[];
  /** Timers that were neither fired nor cancelled. */
  readonly leftTimers: number;
  readonly transitions: number;
  readonly elapsedSec: number;
}

/** Runs `definition` in virtual time: transitions are granted at once, timers fire when nothing else is left to do. */
export async function runVirtually(definition: Json, options: VirtualOptions = {}): Promise<VirtualRun> {
  const type = options.type ?? 'STANDARD';
  const run = new Driver(
    options,
    beginExecution(parseDefinition(JSON.stringify(definition), type), startOf(options, type), {
      maxPayloadBytes: options.maxPayloadBytes ?? 262_144,
      ...(options.maxIterations === undefined ? {} : { maxIterations: options.maxIterations }),
    }),
  );
  return run.toTheEnd();
}

/** Redrives a run that ended without success; its history is what the redrive adds. */
export function redriveVirtually({ execution }: VirtualRun, options: VirtualOptions = {}): Promise<VirtualRun> {
  const { redriveCount } = execution.start;
  return new Driver(options, reopenExecution(execution, redriveCount + 1, startMs, execution.lastEventId), { kind: 'redrive' }).toTheEnd();
}

function startOf({ input }: VirtualOptions, type: 'STANDARD' | 'EXPRESS'): ExecutionStart {
  return {
    ...{ executionArn: `${account}:execution:orders:order-1`, name: 'order-1', stateMachineArn: `${account}:stateMachine:orders` },
    ...{ stateMachineName: 'orders', roleArn: 'arn:aws:iam::123456789012:role/orders', input: input ?? {}, startMs, type, redriveCount: 0 },
  };
}

class Driver {
  readonly #options: VirtualOptions;
  readonly #execution: Execution;
  readonly #rng;
  readonly #queue: ExecutionEvent[];
  readonly #timers: { atMs: number; order: number; timer: number | undefined; outside?: (open: readonly OpenTask[]) => ExecutionEvent }[] = [];
  readonly #history: HistoryEvent[] = [];
  readonly #requests: OpenTask[] = [];
  readonly #requestedSec: number[] = [];
  readonly #cancelled: number[] = [];
  readonly #mapRuns: MapRunRequest[] = [];
  #nowMs = startMs;
  #order = 0;
  #transitions = 0;
  #ended: Extract<Effect, { kind: 'ended' }> | undefined;

  constructor(options: VirtualOptions, execution: Execution, first: ExecutionEvent = { kind: 'begin' }) {
    this.#queue = [first];
    this.#options = options;
    this.#execution = execution;
    this.#rng = seededRng(options.seed ?? 'virtual');
    for (const { atSec, event } of options.outside ?? []) {
      this.#timers.push({ atMs: startMs + atSec * 1000, order: this.#order++, timer: undefined, outside: event });
    }
  }

  async toTheEnd(): Promise<VirtualRun> {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      for (const effect of await advance(this.#execution, event, this.#nowMs, this.#rng)) this.#apply(effect);
    }
    return {
      ...{ execution: this.#execution, history: this.#history, ended: this.#ended, requests: this.#requests },
      ...{ requestedSec: this.#requestedSec, cancelled: this.#cancelled, mapRuns: this.#mapRuns, transitions: this.#transitions },
      leftTimers: this.#timers.filter(({ timer }) => timer !== undefined).length,
      trail: this.#history.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`),
      elapsedSec: (this.#nowMs - startMs) / 1000,
    };
  }

  #next(): ExecutionEvent | undefined {
    const queued = this.#queue.shift();
    if (queued !== undefined || this.#ended) return queued;
    this.#timers.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    const due = this.#timers.shift();
    if (due === undefined) return undefined;
    this.#nowMs = Math.max(this.#nowMs, due.atMs);
    return due.outside ? due.outside(this.#requests) : { kind: 'timer', timer: due.timer as number };
  }

  #apply(effect: Effect): void {
    if (effect.kind === 'enter') {
      this.#transitions++;
      this.#queue.push({ kind: 'entered', entry: effect.entry });
    } else if (effect.kind === 'task') this.#ask(effect);
    else if (effect.kind === 'timer') this.#timers.push({ atMs: effect.atMs, order: this.#order++, timer: effect.timer });
    else if (effect.kind === 'cancel-timer') {
      const at = this.#timers.findIndex(({ timer }) => timer === effect.timer);
      if (at < 0) throw new Error(`timer ${effect.timer} is cancelled but was never set`);
      this.#timers.splice(at, 1);
    } else if (effect.kind === 'cancel-task') this.#cancelled.push(effect.task);
    else if (effect.kind === 'history') this.#history.push(effect.event);
    else if (effect.kind === 'ended') this.#ended = effect;
    else this.#runMap(effect);
  }

  /** A Map Run that starts at once and comes to what the options say; nothing leaves it open. */
  #runMap(effect: Extract<Effect, { mapRun: number }>): void {
    if (effect.kind === 'cancel-map-run') return;
    const { mapRun } = effect;
    if (effect.kind === 'map-run') this.#mapRuns.push(effect.request);
    const redriveCount = effect.kind === 'map-run' ? 0 : 1;
    this.#queue.push({ kind: 'map-run-started', mapRun, mapRunArn: 'run', redriveCount });
    const reply = this.#options.mapRun?.(redriveCount);
    if (reply === undefined) return;
    if ('results' in reply) this.#queue.push({ kind: 'map-run-succeeded', mapRun, ...reply });
    else this.#queue.push({ kind: 'map-run-failed', mapRun, ...reply });
  }

  #ask({ task, request }: Extract<Effect, { kind: 'task' }>): void {
    this.#requests.push({ task, request });
    this.#requestedSec.push((this.#nowMs - startMs) / 1000);
    const reply = this.#options.tasks?.(request, this.#requests.length);
    if (reply === undefined) return;
    if (reply.submitted !== undefined) this.#queue.push({ kind: 'task-submitted', task, output: reply.submitted });
    if ('output' in reply) this.#queue.push({ kind: 'task-succeeded', task, output: reply.output });
    else this.#queue.push({ kind: 'task-failed', task, error: reply.error, cause: reply.cause ?? '' });
  }
}
