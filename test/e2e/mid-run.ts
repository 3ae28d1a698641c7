import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeleteFunctionConcurrencyCommand, GetFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { JournalEvent } from '../../lib/record/types.ts';
import { type Cli, inRoot, type Lab, scratch, startCli } from './cli.ts';
import { childrenOf, until } from './processes.ts';

/** A run that has got as far as its fault. */
export interface RunInFault extends Cli {
  readonly pid: number;
  readonly k6: number;
  /** The lab that the run itself started. */
  readonly lab: number | undefined;
}

/** Starts a run and waits until its fault is in effect. */
export async function runIntoFault(exercise: string, site: string, options: readonly string[] = []): Promise<RunInFault> {
  const folder = scratch();
  const started = startCli(['run', inRoot(`test/exercises/${exercise}.ts`), '--site', site, '--seed', basename(folder), ...options], { cwd: folder });
  let ended = false;
  void started.finished.then(() => (ended = true));
  await until('the fault is in effect', () => {
    if (ended) throw new Error(`the run ended before its fault:\n${started.text()}`);
    return journalIn(folder).some((event) => event.kind === 'fault-step' && event.step === 'wait' && event.state === 'InProgress');
  });
  const pid = started.child.pid ?? 0;
  const { k6, lab } = childrenOf(pid);
  if (k6 === undefined) throw new Error('the run has no k6');
  return { ...started, pid, k6, lab };
}

/** What the only run below `folder` has written so far. */
export function journalIn(folder: string): JournalEvent[] {
  const reports = join(folder, 'reports');
  const [run] = existsSync(reports) ? readdirSync(reports) : [];
  const file = join(reports, run ?? '', 'record/journal.jsonl');
  if (run === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalEvent);
}

/** Physical name of a function of the checkout in a lab. */
export async function functionName({ clients }: Lab, logicalId: string): Promise<string> {
  const command = new DescribeStackResourcesCommand({ StackName: 'checkout-sync', LogicalResourceId: logicalId });
  return (await clients.cloudformation.send(command)).StackResources?.[0]?.PhysicalResourceId ?? '';
}

/** Sets the reserved concurrency of a function; undefined takes it away. */
export async function reserve({ clients }: Lab, FunctionName: string, value: number | undefined): Promise<void> {
  if (value === undefined) await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: value }));
}

/** Reserved concurrency of a function; undefined where none is reserved. */
export async function reservedConcurrency({ clients }: Lab, FunctionName: string): Promise<number | undefined> {
  return (await clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
}
