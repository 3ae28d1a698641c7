import { AwsError } from '../../../core/errors.ts';
import type { LabContext } from '../../contract.ts';
import { arnOf } from './arns.ts';
import { required } from './checks.ts';
import { executionDoesNotExist } from './errors.ts';
import type { StoredExecution } from './execution.ts';
import { HistoryArchive } from './history-archive.ts';

/** The executions of the account: those of Standard until 90 days after their end, those of Express while they run. */
export class Executions {
  readonly #context: LabContext;
  readonly #byArn = new Map<string, StoredExecution>();
  /** Of Standard, in the order of their starts. */
  readonly #byMachine = new Map<string, StoredExecution[]>();
  /** Open ones of Standard, oldest first. */
  readonly #open = new Set<StoredExecution>();
  readonly #archive = new HistoryArchive();
  readonly #maxOpen: number;
  readonly #retentionMs: number;

  constructor(context: LabContext) {
    this.#context = context;
    this.#maxOpen = context.quotas.number('states.open-executions');
    this.#retentionMs = context.quotas.number('states.history-retention') * 1000;
  }

  /** The execution of this name that still holds it. */
  find(arn: string): StoredExecution | undefined {
    const found = this.#byArn.get(arn);
    if (!found || this.isKept(found)) return found;
    this.#forget(found);
    return undefined;
  }

  /** Whether it is open, or ended at most 90 days ago. */
  isKept({ stopMs }: StoredExecution): boolean {
    return stopMs === undefined || this.#context.clock.now() - stopMs < this.#retentionMs;
  }

  /** The Standard execution that an ARN means; ExecutionDoesNotExist, and InvalidArn for one of Express. */
  get(arn: string | undefined): StoredExecution {
    arnOf(required(arn, 'executionArn'), 'execution');
    const found = this.find(arn ?? '');
    if (!found) throw executionDoesNotExist(arn ?? '');
    return found;
  }

  /** Of one state machine, in the order of their starts. */
  of(machineArn: string): readonly StoredExecution[] {
    return this.#byMachine.get(machineArn) ?? [];
  }

  /** Open ones of Standard, oldest first. */
  get open(): ReadonlySet<StoredExecution> {
    return this.#open;
  }

  /** Keeps a new one of Standard; ExecutionLimitExceeded when too many are open. */
  add(execution: StoredExecution): void {
    this.#requireRoom();
    this.#byArn.set(execution.arn, execution);
    this.#open.add(execution);
    const { arn } = execution.machine;
    const siblings = this.#byMachine.get(arn);
    if (siblings) siblings.push(execution);
    else this.#byMachine.set(arn, [execution]);
  }

  ended(execution: StoredExecution): void {
    this.#open.delete(execution);
    this.#archive.add(execution.history);
  }

  /** RedriveExecution; ExecutionLimitExceeded as for a new one. */
  reopened(execution: StoredExecution): void {
    this.#requireRoom();
    this.#open.add(execution);
  }

  /** The state machine is gone, and its executions with it. */
  forgetAll(machineArn: string): void {
    for (const execution of this.of(machineArn)) this.#byArn.delete(execution.arn);
    this.#byMachine.delete(machineArn);
  }

  #requireRoom(): void {
    if (this.#open.size < this.#maxOpen) return;
    throw new AwsError('ExecutionLimitExceeded', `The maximum number of running executions has been reached: ${this.#maxOpen}.`);
  }

  #forget(execution: StoredExecution): void {
    this.#byArn.delete(execution.arn);
    const siblings = this.#byMachine.get(execution.machine.arn);
    const at = siblings?.indexOf(execution) ?? -1;
    if (at >= 0) siblings?.splice(at, 1);
  }
}
