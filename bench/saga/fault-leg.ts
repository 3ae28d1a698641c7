import { join } from 'node:path';
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { packageRoot } from '../../lib/core/package-root.ts';
import { drained, evidence, sumOf } from './evidence.ts';
import { type FaultStack, type SagaFault, sagaFaults } from './faults.ts';
import { type SagaLab, startSagaLab } from './lab.ts';
import { Orders } from './orders.ts';

/** What came of the orders of one fault. */
export interface FaultRow {
  readonly fault: string;
  readonly accepted: number;
  readonly duringFault: number;
  readonly orders: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  /** The witness of the fault; 0 when it was not observed. */
  readonly observed: number;
  readonly tookSec: number;
  readonly rssMb: number;
}

/** The fault is on between these shares of the orders. */
const [from, until] = [0.2, 0.6];
const atOnce = 50;
const drainLimitMs = 600_000;
/** On the lab's clock: what the workflow's compensations are patient enough for. */
const longestFaultSec = 300;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A child process: `count` sagas under one fault, in a lab of its own. Arguments: fault, count. Prints a FaultRow as JSON. */
const [name = '', count = '0'] = process.argv.slice(2);
const fault = sagaFaults[name];
if (!fault) throw new Error(`no fault ${name}`);
console.log(JSON.stringify(await leg(name, fault, Number(count))));
process.exit();

async function leg(name: string, fault: SagaFault, count: number): Promise<FaultRow> {
  const startedAt = performance.now();
  const saga = await startSagaLab(fault.timeScale, fault.unraised);
  await fault.prepare?.(saga);
  const stacks = fault.stacks(saga.names);
  const templates: string[] = [];
  for (const [index, stack] of stacks.entries()) templates.push(await deploy(saga, stack, `fault-${index}`));
  const orders = new Orders(saga, fault.hotShare ?? 0);
  await place(saga, orders, Math.round(count * from), fault.maxOpen);
  const experiments = await Promise.all(templates.map((id) => start(saga, id)));
  const endMs = saga.lab.context.clock.now() + longestFaultSec * 1000;
  if (fault.leads) await observed(saga, fault, endMs);
  const before = orders.accepted;
  await place(saga, orders, Math.round(count * until), fault.maxOpen, endMs);
  await observed(saga, fault, endMs);
  const duringFault = orders.accepted - before;
  await Promise.all(experiments.map((id) => stop(saga, id)));
  await place(saga, orders, count, fault.maxOpen);
  await Promise.race([drained(saga.clients, saga.names), wait(drainLimitMs)]);
  const nowMs = saga.lab.context.clock.now();
  const { orders: byStatus, failures, violations } = await evidence(saga.clients, saga.names, nowMs);
  const witness = await witnessed(saga, fault);
  const [tookSec, rssMb] = [(performance.now() - startedAt) / 1000, process.resourceUsage().maxRSS / 1024];
  return {
    fault: name,
    accepted: orders.accepted,
    duringFault,
    orders: byStatus,
    failures,
    violations: violations.slice(0, 20),
    observed: witness,
    tookSec,
    rssMb,
  };
}

/** Orders are taken up to `count` in all or until the lab's time `endMs`, with at most `maxOpen` on their way. */
async function place(saga: SagaLab, orders: Orders, count: number, maxOpen: number, endMs = Number.POSITIVE_INFINITY): Promise<void> {
  while (orders.accepted < count && saga.lab.context.clock.now() < endMs) {
    const ended = ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'] as const;
    const dimensions = { StateMachineArn: saga.names['OrderWorkflow'] ?? '' };
    const series = ended.map((metric) => ['AWS/States', metric, dimensions] as const);
    const open = orders.accepted - (await sumOf(saga.clients, saga.lab.context.clock.now(), series));
    const room = Math.min(atOnce, maxOpen - open, count - orders.accepted);
    if (room > 0) await orders.take(room);
    else await wait(50);
  }
}

function witnessed({ clients, names, lab }: SagaLab, { witness }: SagaFault): Promise<number> {
  const { namespace, metric, dimensions } = witness(names);
  return sumOf(clients, lab.context.clock.now(), [[namespace, metric, dimensions]]);
}

/** Waits until the fault shows: a few hundred orders may come and go before it does. */
async function observed(saga: SagaLab, fault: SagaFault, endMs: number): Promise<void> {
  while (saga.lab.context.clock.now() < endMs && (await witnessed(saga, fault)) === 0) await wait(250);
}

async function deploy({ lab }: SagaLab, { file, parameters }: FaultStack, stackName: string): Promise<string> {
  await lab.loadStack({ file: join(packageRoot(), 'chaos', `${file}.yaml`), stackName, parameters });
  const { StackResources = [] } = await lab.context.call<{ StackResources?: { PhysicalResourceId?: string }[] }>(
    'cloudformation',
    'DescribeStackResources',
    { StackName: stackName, LogicalResourceId: 'Experiment' },
    { kind: 'service', service: 'bench' },
  );
  return StackResources[0]?.PhysicalResourceId ?? '';
}

async function start({ clients }: SagaLab, experimentTemplateId: string): Promise<string> {
  const { experiment } = await clients.fis.send(new StartExperimentCommand({ clientToken: experimentTemplateId, experimentTemplateId }));
  await reach(clients, experiment?.id ?? '', ['running']);
  return experiment?.id ?? '';
}

/** Ends a fault before its time; what it changed is restored then. */
async function stop({ clients }: SagaLab, id: string): Promise<void> {
  await clients.fis.send(new StopExperimentCommand({ id }));
  await reach(clients, id, ['stopped']);
}

async function reach({ fis }: SagaLab['clients'], id: string, wanted: readonly string[]): Promise<void> {
  for (;;) {
    const { status = '', reason } = (await fis.send(new GetExperimentCommand({ id }))).experiment?.state ?? {};
    if (wanted.includes(status)) return;
    if (['failed', 'completed', 'stopped', 'cancelled'].includes(status)) throw new Error(`the experiment is ${status}: ${reason}`);
    await wait(50);
  }
}
