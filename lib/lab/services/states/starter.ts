import type { StartExecutionCommandInput } from '@aws-sdk/client-sfn';
import type { StateMachineType } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { checkedName, parsedInput } from './checks.ts';
import type { DurationLimit } from './duration-limit.ts';
import { executionAlreadyExists, typeNotSupported } from './errors.ts';
import { newExecution, type StoredExecution } from './execution.ts';
import type { Executions } from './executions.ts';
import type { Runner } from './runner.ts';
import type { StateMachines } from './state-machines.ts';

interface StarterParts {
  readonly context: LabContext;
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly runner: Runner;
  readonly limit: DurationLimit;
}

/** Starts executions, or gives back the one that the same request started. */
export class Starter {
  readonly #parts: StarterParts;
  readonly #rng: LabContext['rng'];
  readonly #maxInputBytes: number;

  constructor(parts: StarterParts) {
    const { context } = parts;
    this.#parts = parts;
    this.#rng = context.rng.fork('execution-names');
    this.#maxInputBytes = context.quotas.number('states.payload-max');
  }

  /** `only`: the type that the operation takes; StateMachineTypeNotSupported for the other. `watch` is told when it ends. */
  start(input: StartExecutionCommandInput, only?: StateMachineType, watch?: (execution: StoredExecution) => void): StoredExecution {
    const { context, machines, executions, runner, limit } = this.#parts;
    const startable = machines.startable(input.stateMachineArn);
    if (only !== undefined && startable.machine.type !== only) throw typeNotSupported();
    const name = input.name === undefined ? this.#rng.uuid() : checkedName(input.name);
    const inputText = input.input ?? '{}';
    const json = parsedInput(inputText, this.#maxInputBytes);
    const express = startable.machine.type === 'EXPRESS';
    const arn = express
      ? context.arn('states', `express:${startable.machine.name}:${name}:${this.#rng.uuid()}`)
      : context.arn('states', `execution:${startable.machine.name}:${name}`);
    const existing = express ? undefined : executions.find(arn);
    if (existing) {
      // The same request again succeeds while the execution is open, and starts nothing.
      if (existing.status === 'RUNNING' && existing.inputText === inputText) return existing;
      throw executionAlreadyExists(arn);
    }
    const execution = newExecution(startable, { arn, name, inputText, traceHeader: input.traceHeader, startMs: context.clock.now() });
    if (watch) execution.watchers = [watch];
    if (!express) {
      executions.add(execution);
      limit.watch();
    }
    runner.begin(execution, json);
    return execution;
  }

  /** Starts what ended without success again, where it ended. */
  redrive(execution: StoredExecution): void {
    this.#parts.runner.redrive(execution);
    this.#parts.limit.watch();
  }
}
