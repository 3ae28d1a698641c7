import { monotonicMs } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import { advance, beginExecution, reopenExecution } from '../../../models/states/execution.ts';
import type { Effect, EndStatus, ExecutionEvent, ExecutionLimits, HistoryEvent, Json } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';
import type { StoredExecution } from './execution.ts';
import { type ExecutionRun, newRun } from './execution-run.ts';
import type { Executions } from './executions.ts';
import { meterExpress } from './express-bill.ts';
import type { MapRuns } from './map-runs.ts';
import type { StatesMetrics } from './metrics.ts';
import type { Rates } from './rates.ts';
import { notRedrivable, type Redrivability, type RedriveLimits, redrivability } from './redrive.ts';
import { meteredName } from './state-machine.ts';
import type { Tasks } from './tasks.ts';

/** Transitions in one go before other work gets its turn: a loop of Pass states would hold the lab up for as long as it runs. */
const transitionsPerTurn = 64;

export interface RunnerParts {
  readonly context: LabContext;
  readonly executions: Executions;
  readonly rates: Rates;
  readonly metrics: StatesMetrics;
  readonly tasks: Tasks;
  readonly mapRuns: MapRuns;
}

interface Ending {
  readonly status: EndStatus;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
}

/** Runs executions: does what the interpreter wants done and tells it what happened. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #rng: LabContext['rng'];
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;
  readonly #redrive: RedriveLimits;
  readonly #limits: ExecutionLimits;
  readonly #runs = new Map<StoredExecution, ExecutionRun>();

  constructor(parts: RunnerParts) {
    const { context } = parts;
    this.#parts = parts;
    this.#rng = context.rng.fork('executions');
    this.#delays = context.delays ? new Delays(context.wall) : undefined;
    this.#times = new ServiceTimes(context.latency, context.rng.fork('transition-times'));
    const { quotas } = context;
    this.#redrive = {
      ...{ maxEvents: quotas.number('states.history-events'), periodMs: quotas.number('states.redrive-period') * 1000 },
      maxOpenMs: quotas.number('states.standard-duration-max') * 1000,
    };
    this.#limits = { maxPayloadBytes: quotas.number('states.payload-max'), maxIterations: quotas.number('states.inline-map-concurrency') };
  }

  begin(execution: StoredExecution, input: Json): void {
    const { context, metrics } = this.#parts;
    const { machine, revision, arn, name, startMs } = execution;
    const state = beginExecution(
      revision.definition,
      {
        ...{ executionArn: arn, name, stateMachineArn: machine.arn, stateMachineName: machine.name, roleArn: revision.roleArn },
        ...{ input, startMs, type: machine.type, redriveCount: 0 },
      },
      this.#limits,
    );
    const run = newRun(execution, state);
    this.#runs.set(execution, run);
    metrics.started(machine.arn);
    if (machine.type === 'EXPRESS') {
      const limitMs = context.quotas.number('states.express-duration-max') * 1000;
      run.cancelLimit = context.clock.schedule(limitMs, () => this.timeOut(execution));
    }
    this.send(run, { kind: 'begin' });
  }

  redrivability(execution: StoredExecution): Redrivability {
    return redrivability(execution, this.#parts.context.clock.now(), this.#redrive);
  }

  /** Goes on where an execution ended without success; ExecutionNotRedrivable for any other. */
  redrive(execution: StoredExecution): void {
    const { context, executions, metrics } = this.#parts;
    const { status, reason } = this.redrivability(execution);
    const { resumable } = execution;
    if (status !== 'REDRIVABLE' || !resumable) throw notRedrivable(reason);
    executions.reopened(execution);
    const nowMs = context.clock.now();
    execution.redriveCount += 1;
    const state = reopenExecution(resumable, execution.redriveCount, nowMs, execution.history.lastId);
    Object.assign(execution, { status: 'RUNNING', redriveMs: nowMs, stopMs: undefined, error: undefined, cause: undefined, resumable: undefined });
    const run = newRun(execution, state);
    this.#runs.set(execution, run);
    metrics.redriven(execution.machine.arn);
    this.send(run, { kind: 'redrive' });
  }

  runOf(execution: StoredExecution): ExecutionRun | undefined {
    return this.#runs.get(execution);
  }

  /** Tells the interpreter of `event`, at once unless it is at work. */
  send(run: ExecutionRun, event: ExecutionEvent): void {
    if (run.over) return;
    run.queue.push(event);
    if (!run.busy) this.#pump(run);
  }

  /** The longest time that AWS lets an execution be open has passed. */
  timeOut(execution: StoredExecution): void {
    const run = this.#runs.get(execution);
    if (run && !run.over) this.#cutOff(run, 'ExecutionTimedOut', { status: 'TIMED_OUT', error: 'States.Timeout' });
  }

  /** The lab stops: nothing is told to anybody any more. */
  close(): void {
    for (const run of this.#runs.values()) {
      run.over = true;
      this.#release(run);
    }
    this.#runs.clear();
  }

  #pump(run: ExecutionRun): void {
    run.busy = true;
    for (let event = run.queue.shift(); event !== undefined && !run.over; event = run.queue.shift()) {
      const effects = this.#advance(run, event);
      if (effects instanceof Promise) {
        void effects.then((list) => {
          this.#apply(run, list);
          this.#pump(run);
        });
        return;
      }
      this.#apply(run, effects);
    }
    run.busy = false;
  }

  /** A defect of the interpreter ends its execution and nothing else. */
  #advance(run: ExecutionRun, event: ExecutionEvent): readonly Effect[] | Promise<readonly Effect[]> {
    const broken = (thrown: unknown): readonly Effect[] => {
      const cause = `The lab failed in this execution: ${messageOf(thrown)}`;
      if (!run.over) this.#cutOff(run, 'ExecutionFailed', { status: 'FAILED', error: 'States.Runtime', cause });
      return [];
    };
    try {
      const effects = advance(run.state, event, this.#parts.context.clock.now(), this.#rng);
      return effects instanceof Promise ? effects.catch(broken) : effects;
    } catch (thrown) {
      return broken(thrown);
    }
  }

  #apply(run: ExecutionRun, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (run.over) return;
      switch (effect.kind) {
        case 'enter':
          this.#enter(run, effect.entry);
          break;
        case 'history':
          this.#record(run, effect.event);
          break;
        case 'task':
          this.#parts.tasks.open(run, effect.task, effect.request);
          break;
        case 'cancel-task':
          this.#parts.tasks.cancel(run, effect.task, effect.expired);
          break;
        case 'map-run':
          this.#parts.mapRuns.start(run, effect.mapRun, effect.request);
          break;
        case 'redrive-map-run':
          this.#parts.mapRuns.redrive(run, effect.mapRun, effect.mapRunArn);
          break;
        case 'cancel-map-run':
          run.mapRuns?.get(effect.mapRun)?.();
          break;
        case 'timer':
          this.#arm(run, effect.timer, effect.atMs);
          break;
        case 'cancel-timer':
          run.timers.get(effect.timer)?.();
          run.timers.delete(effect.timer);
          break;
        case 'ended':
          this.#finish(run, effect);
      }
    }
  }

  /** On the lab's clock, except the time-out of a plain request: what that bounds, a function or a call, takes the wall's time. */
  #arm(run: ExecutionRun, timer: number, atMs: number): void {
    const { clock, wall } = this.#parts.context;
    const thread = run.state.waiting.get(timer);
    const task = thread?.timeoutTimer === timer ? run.tasks.get(thread.handle) : undefined;
    const own = task?.request.integration === 'request-response' ? wall : clock;
    const fire = (): void => {
      run.timers.delete(timer);
      this.send(run, { kind: 'timer', timer });
    };
    run.timers.set(timer, own.schedule(Math.max(0, atMs - clock.now()), fire));
  }

  /** A transition: of Standard it takes a token and waits for it where there is none; both take their service time. */
  #enter(run: ExecutionRun, entry: number): void {
    const { context, rates, metrics } = this.#parts;
    const { machine } = run.execution;
    if (machine.deleting) {
      this.send(run, { kind: 'stop' });
      return;
    }
    let lateMs = 0;
    if (machine.type === 'STANDARD') {
      lateMs = rates.transition();
      if (lateMs > 0) metrics.throttled(machine.arn);
      context.meter([{ resource: meteredName(machine), dimension: 'states.standard-transition', quantity: 1 }]);
    }
    const granted = (): void => this.send(run, { kind: 'entered', entry });
    if (lateMs <= 0) {
      this.#serve(run, granted);
      return;
    }
    const serve = (): void => {
      run.timers.delete(entry);
      this.#serve(run, granted);
    };
    run.timers.set(entry, context.clock.schedule(lateMs, serve));
  }

  #serve(run: ExecutionRun, granted: () => void): void {
    const { context } = this.#parts;
    if (this.#delays) {
      const key = run.execution.machine.type === 'STANDARD' ? 'states.transition-standard' : 'states.transition-express';
      const waitMs = this.#delays.left(monotonicMs() + this.#times.sampleMs(key));
      if (waitMs > 0) {
        void this.#delays.wait(waitMs).then(granted);
        return;
      }
    }
    run.sinceYield += 1;
    if (run.sinceYield < transitionsPerTurn) {
      granted();
      return;
    }
    run.sinceYield = 0;
    context.wall.schedule(0, granted);
  }

  /** Event 25,000 may only be the success; anything else becomes the failure of reaching the limit (bp-history-limit of the developer guide). */
  #record(run: ExecutionRun, event: HistoryEvent): void {
    const { history, machine } = run.execution;
    if (machine.type === 'EXPRESS') return;
    if (history.length < this.#redrive.maxEvents - 1 || event.type === 'ExecutionSucceeded') {
      history.push(event);
      return;
    }
    const cause = `The execution reached the maximum number of history events (${this.#redrive.maxEvents}).`;
    this.#cutOff(run, 'ExecutionFailed', { status: 'FAILED', error: 'States.Runtime', cause });
  }

  /** Ends an execution from outside: the interpreter is not asked any more. */
  #cutOff(run: ExecutionRun, type: 'ExecutionFailed' | 'ExecutionTimedOut', ending: Ending): void {
    const { history, machine } = run.execution;
    if (machine.type === 'STANDARD') {
      const { error = '', cause } = ending;
      const member = type === 'ExecutionFailed' ? 'executionFailedEventDetails' : 'executionTimedOutEventDetails';
      const details = { [member]: { error, ...(cause === undefined ? {} : { cause }) } };
      const previousEventId = history.lastId;
      history.push({ id: previousEventId + 1, previousEventId, timestampMs: this.#parts.context.clock.now(), type, details });
    }
    this.#finish(run, ending);
  }

  #finish(run: ExecutionRun, { status, output, error, cause }: Ending): void {
    const { context, executions, metrics } = this.#parts;
    const { execution } = run;
    run.over = true;
    this.#release(run);
    this.#runs.delete(execution);
    const nowMs = context.clock.now();
    execution.status = status;
    execution.stopMs = nowMs;
    if (status === 'SUCCEEDED') execution.outputText = JSON.stringify(output ?? null);
    execution.error = error;
    execution.cause = cause;
    if (status !== 'SUCCEEDED' && execution.machine.type === 'STANDARD') execution.resumable = run.state;
    metrics.ended(execution.machine.arn, status, nowMs - execution.startMs, execution.redriveCount > 0);
    if (execution.machine.type === 'EXPRESS') meterExpress(context, metrics, run, nowMs);
    else executions.ended(execution);
    const { watchers } = execution;
    execution.watchers = undefined;
    for (const tell of watchers ?? []) tell(execution);
  }

  #release(run: ExecutionRun): void {
    run.cancelLimit?.();
    for (const cancel of run.timers.values()) cancel();
    run.timers.clear();
    for (const task of [...run.tasks.keys()]) this.#parts.tasks.cancel(run, task);
    for (const end of [...(run.mapRuns?.values() ?? [])]) end();
    run.queue.length = 0;
  }
}
