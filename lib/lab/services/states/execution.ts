import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import { dateOf } from '../../../core/time-format.ts';
import type { Execution } from '../../../models/states/execution.ts';
import type { ExpressBill } from '../../../models/states/limits/express-billing.ts';
import type { Json } from '../../../models/states/types.ts';
import { History } from './history.ts';
import type { Startable } from './state-machine.ts';

/** One execution, as far as it has come. */
export interface StoredExecution extends Startable {
  readonly arn: string;
  readonly name: string;
  readonly inputText: string;
  readonly traceHeader: string | undefined;
  readonly startMs: number;
  /** Of a child execution: the Map Run that started it, and how many items it has. */
  readonly mapRun?: { readonly arn: string; readonly items: number };
  /** Of Standard only: Express tells its history to CloudWatch Logs alone, which the lab does not keep. */
  readonly history: History;
  status: ExecutionStatus;
  stopMs: number | undefined;
  outputText: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  redriveCount: number;
  redriveMs: number | undefined;
  /** The interpreter's state where it ended without success: RedriveExecution goes on from there. */
  resumable: Execution | undefined;
  /** Of Express, once it has ended. */
  bill: ExpressBill | undefined;
  /** Told once, when it ends. */
  watchers: ((execution: StoredExecution) => void)[] | undefined;
}

/** What is known of an execution before it begins. */
type Given = Pick<StoredExecution, 'arn' | 'name' | 'inputText' | 'traceHeader' | 'startMs' | 'mapRun'>;

export function newExecution(startable: Startable, given: Given): StoredExecution {
  return {
    ...startable,
    ...given,
    ...{ history: new History(), status: 'RUNNING', stopMs: undefined, outputText: undefined, error: undefined, cause: undefined },
    ...{ redriveCount: 0, redriveMs: undefined, resumable: undefined, bill: undefined, watchers: undefined },
  };
}

/** What DescribeExecution says of it, apart from whether it can be redriven. */
export function describedExecution(execution: StoredExecution, includeData = true) {
  const { arn, machine, name, status, startMs, stopMs, inputText, outputText, error, cause, traceHeader } = execution;
  const data = {
    ...{ input: inputText, inputDetails: { included: true } },
    ...(outputText === undefined ? {} : { output: outputText, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
  return {
    ...{ executionArn: arn, stateMachineArn: machine.arn, name, status, startDate: dateOf(startMs) },
    ...(stopMs === undefined ? {} : { stopDate: dateOf(stopMs) }),
    ...(includeData ? data : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(execution.mapRun === undefined ? {} : { mapRunArn: execution.mapRun.arn }),
    ...(execution.versionArn === undefined ? {} : { stateMachineVersionArn: execution.versionArn }),
    ...(execution.aliasArn === undefined ? {} : { stateMachineAliasArn: execution.aliasArn }),
  };
}

/** The same as a `.sync` task sees it: capital letters, times in milliseconds. */
export function capitalDescription(execution: StoredExecution): { readonly [member: string]: Json } {
  const { startDate, stopDate, ...rest } = describedExecution(execution);
  const times = { startDate: startDate.getTime(), ...(stopDate ? { stopDate: stopDate.getTime() } : {}) };
  return capitals({ ...rest, ...times }) as { readonly [member: string]: Json };
}

function capitals(value: object): Json {
  const entries = Object.entries(value).map(([key, each]): [string, Json] => [
    key.charAt(0).toUpperCase() + key.slice(1),
    typeof each === 'object' && each !== null ? capitals(each) : (each as Json),
  ]);
  return Object.fromEntries(entries);
}
