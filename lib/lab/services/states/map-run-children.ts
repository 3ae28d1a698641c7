import { AwsError } from '../../../core/errors.ts';
import { TransitionBucket } from '../../../models/states/limits/transition-bucket.ts';
import type { ExecutionEvent, Json, StateMachineType } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { newExecution, type StoredExecution } from './execution.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { Executions } from './executions.ts';
import type { MapRun, MapRunChild } from './map-run.ts';

/** Children started in one go before other work gets its turn. */
const startsPerTurn = 64;

/** How long a child waits where too many executions are open. */
const retryMs = 1000;

export interface ChildStarterParts {
  readonly context: LabContext;
  readonly executions: Executions;
  readonly send: (run: ExecutionRun, event: ExecutionEvent) => void;
  readonly begin: (execution: StoredExecution, input: Json) => void;
  readonly again: (execution: StoredExecution) => void;
  readonly runOf: (execution: StoredExecution) => ExecutionRun | undefined;
  readonly ended: (mapRun: MapRun, child: MapRunChild) => void;
}

/** Starts the child executions of Map Runs: so many of one run at once, and so many a second of all. */
export class ChildStarter {
  readonly #parts: ChildStarterParts;
  readonly #rng: LabContext['rng'];
  readonly #starts: Readonly<Record<StateMachineType, TransitionBucket>>;
  readonly #maxConcurrency: number;

  constructor(parts: ChildStarterParts) {
    const { quotas, clock, rng } = parts.context;
    this.#parts = parts;
    this.#rng = rng.fork('map-run-children');
    this.#maxConcurrency = quotas.number('states.map-run-concurrency');
    const bucket = (perSec: number): TransitionBucket => new TransitionBucket(perSec, perSec, clock.now());
    this.#starts = {
      STANDARD: bucket(quotas.number('states.map-run-standard-starts')),
      EXPRESS: bucket(quotas.number('states.map-run-express-starts')),
    };
  }

  /** Starts children until as many run as may, or until a start has to wait for its turn. */
  fill(mapRun: MapRun): void {
    if (mapRun.starting) return;
    mapRun.starting = true;
    const { clock, wall } = this.#parts.context;
    const limit = Math.min(mapRun.maxConcurrency || this.#maxConcurrency, this.#maxConcurrency);
    for (let started = 0; mapRun.status === 'RUNNING' && mapRun.running < limit; started++) {
      if (started === startsPerTurn) {
        mapRun.cancelStart = wall.schedule(0, () => this.#goOn(mapRun));
        return;
      }
      const child = mapRun.line[mapRun.next];
      if (!child) break;
      mapRun.next += 1;
      mapRun.running += 1;
      const lateMs = this.#starts[mapRun.machine.type].take(clock.now());
      if (lateMs > 0) {
        mapRun.cancelStart = clock.schedule(lateMs, () => this.#goOn(mapRun, child));
        return;
      }
      if (!this.#start(mapRun, child)) return;
    }
    mapRun.starting = false;
  }

  /** Stops what runs; what had not started never will. */
  stop(mapRun: MapRun): void {
    mapRun.starting = false;
    for (const child of mapRun.line) {
      const run = child.execution && this.#parts.runOf(child.execution);
      if (run && child.status === 'RUNNING') this.#parts.send(run, { kind: 'stop' });
      else if (child.status === 'PENDING' || child.status === 'PENDING_REDRIVE') child.status = 'ABORTED';
    }
  }

  #goOn(mapRun: MapRun, child?: MapRunChild): void {
    mapRun.cancelStart = undefined;
    if (mapRun.status !== 'RUNNING' || (child && !this.#start(mapRun, child))) return;
    mapRun.starting = false;
    this.fill(mapRun);
  }

  /** False where it has to be tried again later. */
  #start(mapRun: MapRun, child: MapRunChild): boolean {
    try {
      if (child.execution && mapRun.machine.type === 'STANDARD') this.#again(mapRun, child, child.execution);
      else this.#begin(mapRun, child);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof AwsError) || thrown.name !== 'ExecutionLimitExceeded') throw thrown;
      mapRun.cancelStart = this.#parts.context.clock.schedule(retryMs, () => this.#goOn(mapRun, child));
      return false;
    }
  }

  #begin(mapRun: MapRun, child: MapRunChild): void {
    const { context, executions, begin } = this.#parts;
    const { machine, revision, parent, arn: mapRunArn } = mapRun;
    const name = this.#rng.uuid();
    const express = machine.type === 'EXPRESS';
    const arn = context.arn('states', express ? `express:${machine.name}:${name}:${this.#rng.uuid()}` : `execution:${machine.name}:${name}`);
    const inputText = JSON.stringify(child.input);
    const given = {
      arn,
      name,
      inputText,
      traceHeader: parent.traceHeader,
      startMs: context.clock.now(),
      mapRun: { arn: mapRunArn, items: child.items },
    };
    const execution = newExecution({ machine, revision }, given);
    if (!express) executions.add(execution);
    this.#watch(mapRun, child, execution);
    begin(execution, child.input);
  }

  /** Of Standard the execution itself is redriven; of Express a new one is started. */
  #again(mapRun: MapRun, child: MapRunChild, execution: StoredExecution): void {
    try {
      this.#watch(mapRun, child, execution);
      // One that is at work at this moment ends by what it was told when its Map Run ended.
      if (execution.status !== 'RUNNING') this.#parts.again(execution);
    } catch (thrown) {
      if (!(thrown instanceof AwsError) || thrown.name !== 'ExecutionNotRedrivable') throw thrown;
      child.status = execution.status;
      this.#parts.ended(mapRun, child);
    }
  }

  #watch(mapRun: MapRun, child: MapRunChild, execution: StoredExecution): void {
    child.execution = execution;
    child.status = 'RUNNING';
    execution.watchers = [
      ({ status }) => {
        child.status = status;
        this.#parts.ended(mapRun, child);
      },
    ];
  }
}
