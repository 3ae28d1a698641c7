import type {
  DescribeExecutionCommandInput,
  DescribeStateMachineForExecutionCommandInput,
  RedriveExecutionCommandInput,
  StartExecutionCommandInput,
  StartSyncExecutionCommandInput,
  StopExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import { monotonicMs } from '../../../../core/clock.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { Operation } from '../../../contract.ts';
import { atMost } from '../checks.ts';
import { describedExecution, type StoredExecution } from '../execution.ts';
import type { Executions } from '../executions.ts';
import type { Rates } from '../rates.ts';
import { notRedrivable } from '../redrive.ts';
import type { Runner } from '../runner.ts';
import type { Starter } from '../starter.ts';
import type { StateMachines } from '../state-machines.ts';

/** Longest error and cause that StopExecution and SendTaskFailure take. */
export const maxErrorLength = 256;
export const maxCauseLength = 32_768;

/** Why RedriveExecution takes no child of a Map Run; how AWS words it is not published. */
const childReason = 'Execution is a child of a Map Run and is redriven with it';

export interface ExecutionParts {
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly starter: Starter;
  readonly runner: Runner;
  readonly rates: Rates;
}

/** StartExecution, StartSyncExecution, StopExecution, RedriveExecution, DescribeExecution, DescribeStateMachineForExecution. */
export function executionOperations(parts: ExecutionParts): Record<string, Operation> {
  const { executions, starter, rates } = parts;
  const standard = rates.api('StartExecution', 'start-execution-standard');
  const express = rates.api('StartExecution', 'start-execution-express');
  return {
    StartExecution: {
      latencyKey: 'states.start-execution',
      admit: ({ stateMachineArn }: StartExecutionCommandInput) => {
        const found = parts.machines.find(stateMachineArn?.split(':').slice(0, 7).join(':') ?? '');
        if (found?.type === 'EXPRESS') express();
        else standard();
      },
      act: (input: StartExecutionCommandInput) => {
        const { arn, startMs } = starter.start(input);
        return { executionArn: arn, startDate: dateOf(startMs) };
      },
    } satisfies Operation<StartExecutionCommandInput>,
    StartSyncExecution: {
      latencyKey: 'states.start-sync-execution',
      act: async (input: StartSyncExecutionCommandInput, call) => {
        const startedMs = monotonicMs();
        const ended = await new Promise<StoredExecution>((resolve) => void starter.start(input, 'EXPRESS', resolve));
        // What the workflow took is meant; where the lab was late in it, the calls of its tasks say so.
        call.modelledMs += monotonicMs() - startedMs;
        return syncResult(ended, input.includedData !== 'METADATA_ONLY');
      },
    } satisfies Operation<StartSyncExecutionCommandInput>,
    StopExecution: { ...stopOperation(parts), admit: rates.api('StopExecution', 'stop-execution') },
    DescribeExecution: {
      latencyKey: 'states.read',
      admit: rates.readApi('DescribeExecution', 'describe-execution'),
      act: ({ executionArn, includedData }: DescribeExecutionCommandInput) => {
        const found = executions.get(executionArn);
        return { ...describedExecution(found, includedData !== 'METADATA_ONLY'), ...redriveMembers(parts, found) };
      },
    },
    RedriveExecution: {
      act: ({ executionArn }: RedriveExecutionCommandInput) => {
        const found = executions.get(executionArn);
        if (found.mapRun) throw notRedrivable(childReason);
        starter.redrive(found);
        return { redriveDate: dateOf(found.redriveMs ?? 0) };
      },
    },
    DescribeStateMachineForExecution: {
      latencyKey: 'states.read',
      act: ({ executionArn, includedData }: DescribeStateMachineForExecutionCommandInput) => {
        const { machine, revision, mapRun } = executions.get(executionArn);
        return {
          ...{ stateMachineArn: machine.arn, name: machine.name, roleArn: revision.roleArn, updateDate: dateOf(revision.atMs) },
          ...(includedData === 'METADATA_ONLY' ? {} : { definition: revision.text }),
          ...{ loggingConfiguration: revision.logging, tracingConfiguration: revision.tracing },
          ...(revision.id === undefined ? {} : { revisionId: revision.id }),
          ...(mapRun === undefined ? {} : { mapRunArn: mapRun.arn, label: machine.name.slice(machine.name.indexOf('/') + 1) }),
        };
      },
    },
  };
}

function redriveMembers({ runner }: ExecutionParts, execution: StoredExecution): object {
  const { status, reason } = runner.redrivability(execution);
  const { redriveCount, redriveMs } = execution;
  return {
    ...{ redriveCount, redriveStatus: execution.mapRun && status === 'REDRIVABLE' ? 'REDRIVABLE_BY_MAP_RUN' : status },
    ...(reason === undefined ? {} : { redriveStatusReason: reason }),
    ...(redriveMs === undefined ? {} : { redriveDate: dateOf(redriveMs) }),
  };
}

/** Answers when the execution has ended; one that was over already stays as it is. */
function stopOperation({ executions, runner }: ExecutionParts): Operation<StopExecutionCommandInput, object | Promise<object>> {
  return {
    act: ({ executionArn, error, cause }) => {
      if (error !== undefined) atMost(error, 'error', maxErrorLength);
      if (cause !== undefined) atMost(cause, 'cause', maxCauseLength);
      const found = executions.get(executionArn);
      const run = runner.runOf(found);
      if (run) {
        const stopped = new Promise<void>((resolve) => {
          found.watchers = [...(found.watchers ?? []), () => resolve()];
        });
        runner.send(run, { kind: 'stop', ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
        return stopped.then(() => ({ stopDate: dateOf(found.stopMs ?? 0) }));
      }
      return { stopDate: dateOf(found.stopMs ?? found.startMs) };
    },
  };
}

function syncResult(execution: StoredExecution, includeData: boolean): object {
  const { billedDurationMs = 0, billedMemoryMb = 0 } = execution.bill ?? {};
  return {
    ...describedExecution(execution, includeData),
    billingDetails: { billedDurationInMilliseconds: billedDurationMs, billedMemoryUsedInMB: billedMemoryMb },
  };
}
