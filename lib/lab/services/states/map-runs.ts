import { exceedsTolerance, type MapRunRequest, thresholdExceeded } from '../../../models/states/map-run.ts';
import type { ExecutionEvent } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { arnOf } from './arns.ts';
import { required } from './checks.ts';
import { resourceNotFound } from './errors.ts';
import type { StoredExecution } from './execution.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { Executions } from './executions.ts';
import { childMachine, forgetChildren, type MapRun, type MapRunChild, resultsOf } from './map-run.ts';
import { ChildStarter, type ChildStarterParts } from './map-run-children.ts';
import { MapRunGauges } from './map-run-gauges.ts';

interface MapRunsParts extends Omit<ChildStarterParts, 'ended'> {
  readonly context: LabContext;
  readonly executions: Executions;
  readonly send: (run: ExecutionRun, event: ExecutionEvent) => void;
}

/** Map Runs of Express that succeeded and whose executions are still listed; of Standard they are kept as any others. */
const maxListed = 100;

/** The Map Runs of the account: so many are open at once, the others wait in line. */
export class MapRuns {
  readonly #parts: MapRunsParts;
  readonly #rng: LabContext['rng'];
  readonly #byArn = new Map<string, MapRun>();
  readonly #starter: ChildStarter;
  readonly #open = new Set<MapRun>();
  readonly #backlog = new Set<MapRun>();
  readonly #listed: MapRun[] = [];
  readonly #maxOpen: number;
  readonly #maxRedrives: number;
  readonly #gauges: MapRunGauges;
  #isStopped = false;

  constructor(parts: MapRunsParts) {
    const { context } = parts;
    this.#parts = parts;
    this.#rng = context.rng.fork('map-runs');
    this.#maxOpen = context.quotas.number('states.open-map-runs');
    this.#maxRedrives = context.quotas.number('states.map-run-redrives');
    this.#starter = new ChildStarter({ ...parts, ended: (mapRun, child) => this.#ended(mapRun, child) });
    this.#gauges = new MapRunGauges(context, this.#maxOpen, () => ({ open: this.#open.size, backlog: this.#backlog.size }));
  }

  /** Starts the Map Run that `run` waits for under the number `handle`. */
  start(run: ExecutionRun, handle: number, request: MapRunRequest): void {
    const { context } = this.#parts;
    const { execution } = run;
    const machine = childMachine(execution, request, (name) => context.arn('states', `stateMachine:${name}`));
    const { definition, definitionText: text, label, maxConcurrency, tolerated } = request;
    const children = request.children.map((child): MapRunChild => ({ ...child, status: 'PENDING', execution: undefined }));
    const mapRun: MapRun = {
      ...{ arn: context.arn('states', `mapRun:${machine.name}:${this.#rng.uuid()}`), label, parent: execution, machine },
      ...{ revision: { ...execution.revision, text, definition }, startMs: context.clock.now(), children, maxConcurrency, tolerated },
      ...{ items: children.reduce((sum, { items }) => sum + items, 0), status: 'RUNNING', stopMs: undefined, redriveCount: 0, redriveMs: undefined },
      ...{ line: children, next: 0, running: 0, left: children.length, failedItems: 0, isOpen: false, starting: false, cancelStart: undefined },
      waiter: undefined,
    };
    this.#byArn.set(mapRun.arn, mapRun);
    this.#await(run, handle, mapRun);
  }

  /** Goes on with what did not succeed. */
  redrive(run: ExecutionRun, handle: number, arn: string): void {
    const mapRun = this.get(arn);
    if (mapRun.redriveCount >= this.#maxRedrives) {
      const cause = `The Map Run has been redriven ${this.#maxRedrives} times, and cannot be redriven again.`;
      this.#parts.send(run, { kind: 'map-run-failed', mapRun: handle, error: 'States.Runtime', cause });
      return;
    }
    const line = mapRun.children.filter(({ status }) => status !== 'SUCCEEDED');
    for (const child of line) child.status = child.execution ? 'PENDING_REDRIVE' : 'PENDING';
    Object.assign(mapRun, {
      status: 'RUNNING',
      stopMs: undefined,
      redriveMs: this.#parts.context.clock.now(),
      redriveCount: mapRun.redriveCount + 1,
    });
    Object.assign(mapRun, { line, next: 0, running: 0, left: line.length, failedItems: 0, starting: false });
    this.#await(run, handle, mapRun);
  }

  /** The Map Run of this ARN; ResourceNotFound where there is none. */
  get(arn: string | undefined): MapRun {
    arnOf(required(arn, 'mapRunArn'), 'mapRun');
    const found = this.#byArn.get(arn ?? '');
    if (!found) throw resourceNotFound(arn ?? '');
    return found;
  }

  /** Those that an execution started, in order. */
  of(execution: StoredExecution): MapRun[] {
    return [...this.#byArn.values()].filter(({ parent }) => parent === execution);
  }

  /** Starts more children where a change allows it. */
  changed(mapRun: MapRun): void {
    if (this.#open.has(mapRun)) this.#starter.fill(mapRun);
  }

  /** The state machine is gone, and what it started with it. */
  forgetAll(machineArn: string): void {
    for (const { arn, machine } of this.#byArn.values()) {
      if (machine.root?.arn !== machineArn) continue;
      this.#parts.executions.forgetAll(machine.arn);
      this.#byArn.delete(arn);
    }
  }

  /** The lab stops. */
  close(): void {
    this.#isStopped = true;
    this.#gauges.stop();
    for (const { cancelStart } of this.#open) cancelStart?.();
  }

  #await(run: ExecutionRun, handle: number, mapRun: MapRun): void {
    mapRun.waiter = { run, handle };
    run.mapRuns ??= new Map();
    run.mapRuns.set(handle, () => this.#close(mapRun, 'ABORTED'));
    this.#parts.send(run, { kind: 'map-run-started', mapRun: handle, mapRunArn: mapRun.arn, redriveCount: mapRun.redriveCount });
    this.#backlog.add(mapRun);
    this.#admit();
  }

  /** Opens as many Map Runs of the line as the quota has room for. */
  #admit(): void {
    this.#gauges.watch();
    for (const mapRun of this.#backlog) {
      if (this.#open.size >= this.#maxOpen) return;
      this.#backlog.delete(mapRun);
      this.#open.add(mapRun);
      mapRun.isOpen = true;
      if (mapRun.left === 0) this.#close(mapRun, 'SUCCEEDED');
      else this.#starter.fill(mapRun);
    }
  }

  #ended(mapRun: MapRun, child: MapRunChild): void {
    mapRun.running -= 1;
    mapRun.left -= 1;
    if (mapRun.status !== 'RUNNING') return;
    if (child.status !== 'SUCCEEDED') mapRun.failedItems += child.items;
    if (exceedsTolerance(mapRun.tolerated, mapRun.failedItems, mapRun.items)) this.#close(mapRun, 'FAILED');
    else if (mapRun.left === 0) this.#close(mapRun, 'SUCCEEDED');
    else this.#starter.fill(mapRun);
  }

  /** Ends it: what runs of one that did not succeed is stopped. */
  #close(mapRun: MapRun, status: 'SUCCEEDED' | 'FAILED' | 'ABORTED'): void {
    if (mapRun.status !== 'RUNNING' || this.#isStopped) return;
    mapRun.status = status;
    mapRun.stopMs = this.#parts.context.clock.now();
    mapRun.cancelStart?.();
    this.#backlog.delete(mapRun);
    this.#open.delete(mapRun);
    if (status !== 'SUCCEEDED') this.#starter.stop(mapRun);
    this.#tell(mapRun, status);
    if (status === 'SUCCEEDED' && mapRun.machine.type === 'EXPRESS') this.#keep(mapRun);
    this.#admit();
  }

  #keep(mapRun: MapRun): void {
    this.#listed.push(mapRun);
    const oldest = this.#listed.length > maxListed ? this.#listed.shift() : undefined;
    if (oldest) forgetChildren(oldest);
  }

  #tell(mapRun: MapRun, status: MapRun['status']): void {
    if (!mapRun.waiter) return;
    const { run, handle } = mapRun.waiter;
    mapRun.waiter = undefined;
    run.mapRuns?.delete(handle);
    if (status === 'SUCCEEDED') this.#parts.send(run, { kind: 'map-run-succeeded', mapRun: handle, results: resultsOf(mapRun) });
    else if (status === 'FAILED') this.#parts.send(run, { kind: 'map-run-failed', mapRun: handle, ...thresholdExceeded });
  }
}
