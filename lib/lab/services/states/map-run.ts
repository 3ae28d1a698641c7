import type { ExecutionStatus, MapRunStatus } from '@aws-sdk/client-sfn';
import type { Cancel } from '../../../core/clock.ts';
import type { MapRunRequest, Tolerance } from '../../../models/states/map-run.ts';
import type { Json } from '../../../models/states/types.ts';
import type { StoredExecution } from './execution.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { Revision, StateMachine } from './state-machine.ts';

/** One child execution of a Map Run; without `execution` it has not been started. */
export interface MapRunChild {
  input: Json;
  readonly items: number;
  status: ExecutionStatus | 'PENDING';
  execution: StoredExecution | undefined;
}

/** What a Distributed Map runs. */
export interface MapRun {
  readonly arn: string;
  readonly label: string;
  /** The execution that its Map state is part of. */
  readonly parent: StoredExecution;
  /** What its child executions are executions of. */
  readonly machine: StateMachine;
  readonly revision: Revision;
  readonly startMs: number;
  readonly children: readonly MapRunChild[];
  readonly items: number;
  maxConcurrency: number;
  tolerated: Tolerance;
  status: MapRunStatus;
  stopMs: number | undefined;
  redriveCount: number;
  redriveMs: number | undefined;
  /** Children to be started, and the place of the next; `left` have not ended. */
  line: readonly MapRunChild[];
  next: number;
  running: number;
  left: number;
  failedItems: number;
  /** False while too many others are open: then it has not read its items. */
  isOpen: boolean;
  /** Children are being started. */
  starting: boolean;
  cancelStart: Cancel | undefined;
  /** The run of the parent, and the number by which it waits for the end; undefined once that has come. */
  waiter: { readonly run: ExecutionRun; readonly handle: number } | undefined;
}

/** The state machine that child executions belong to: AWS names it after the machine and the label. */
export function childMachine({ machine }: StoredExecution, { label, definition }: MapRunRequest, arn: (name: string) => string): StateMachine {
  const root = machine.root ?? machine;
  const name = `${root.name}/${label}`;
  return {
    ...{ name, arn: arn(name), type: definition.type, createdMs: root.createdMs, tags: new Map(), versions: [], aliases: new Map(), nextVersion: 1 },
    revision: machine.revision,
    root,
    get deleting() {
      return root.deleting;
    },
  };
}

/** Outputs of the children that succeeded, in the order of their inputs. */
export function resultsOf({ children }: MapRun): Json[] {
  const succeeded = children.filter(({ status }) => status === 'SUCCEEDED');
  return succeeded.map(({ execution }) => JSON.parse(execution?.outputText ?? 'null') as Json);
}

/** Lets go of what only lists of its executions need. */
export function forgetChildren({ children }: MapRun): void {
  for (const child of children) {
    child.input = null;
    child.execution = undefined;
  }
}

/** How many children, or how many items in them, are how far; with the members of DescribeMapRun. */
export function countsOf({ isOpen, children: all }: MapRun, of: (child: MapRunChild) => number): Readonly<Record<string, number>> {
  const children = isOpen ? all : [];
  const sum = (...statuses: MapRunChild['status'][]): number =>
    children.reduce((total, child) => (statuses.includes(child.status) ? total + of(child) : total), 0);
  return {
    ...{ pending: sum('PENDING'), running: sum('RUNNING'), succeeded: sum('SUCCEEDED'), failed: sum('FAILED'), timedOut: sum('TIMED_OUT') },
    ...{ aborted: sum('ABORTED'), total: children.reduce((total, child) => total + of(child), 0), resultsWritten: sum('SUCCEEDED') },
    ...{ failuresNotRedrivable: 0, pendingRedrive: sum('PENDING_REDRIVE') },
  };
}
