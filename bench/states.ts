/**
 * Executions a second of a machine of four states, in process: Step Functions of the lab (limits, metering and history on, quotas
 * raised so that nothing is throttled) against aws-local-stepfunctions, which has none of these. At least half of its rate.
 * `node bench/states.ts [rounds, 5] [executions, 4000]`
 */
import { StateMachine } from 'aws-local-stepfunctions';
import { monotonicMs } from '../lib/core/clock.ts';
import { startRaisedLab } from './raised-lab.ts';

const bar = 0.5;
const [rounds = 5, count = 4_000] = process.argv.slice(2).map(Number);
const atOnce = 100;
const caller = { kind: 'service', service: 'bench' } as const;

const definition = {
  StartAt: 'Price',
  States: {
    Price: { Type: 'Pass', Parameters: { 'total.$': 'States.MathAdd($.net, $.tax)', 'customer.$': '$.customer' }, Next: 'Choose' },
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.total', NumericGreaterThan: 100, Next: 'Label' }], Default: 'Done' },
    Label: { Type: 'Pass', Result: { kind: 'large' }, ResultPath: '$.label', Next: 'Done' },
    Done: { Type: 'Succeed', InputPath: '$' },
  },
} as const;
const input = { net: 100, tax: 19, customer: { id: 'c-1' } };
const expected = JSON.stringify({ customer: { id: 'c-1' }, label: { kind: 'large' }, total: 119 });

const lab = await startRaisedLab((quota) => /^states\..*-(refill|bucket)/.test(quota), 1e9);
const { stateMachineArn } = await lab.context.call<{ stateMachineArn: string }>(
  'states',
  'CreateStateMachine',
  { name: 'bench', definition: JSON.stringify(definition), roleArn: 'arn:aws:iam::000000000000:role/bench' },
  caller,
);

async function ours(): Promise<string> {
  const { executionArn } = await lab.context.call<{ executionArn: string }>(
    'states',
    'StartExecution',
    { stateMachineArn, input: JSON.stringify(input) },
    caller,
  );
  for (;;) {
    const { status, output } = await lab.context.call<{ status: string; output?: string }>('states', 'DescribeExecution', { executionArn }, caller);
    if (status === 'SUCCEEDED') return output ?? '';
    if (status !== 'RUNNING') throw new Error(`an execution is ${status}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const machine = new StateMachine(definition as never);
async function theirs(): Promise<string> {
  return JSON.stringify(await machine.run(input).result);
}

/** Executions a second of `run`, `atOnce` at a time; each result is held against what it must be. */
async function ratePerSec(run: () => Promise<string>): Promise<number> {
  const startedMs = monotonicMs();
  for (let done = 0; done < count; done += atOnce) {
    for (const result of await Promise.all(Array.from({ length: atOnce }, run))) {
      if (JSON.stringify(sorted(JSON.parse(result))) !== expected) throw new Error(`unexpected result ${result}`);
    }
  }
  return (count / (monotonicMs() - startedMs)) * 1_000;
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort());
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
await ratePerSec(ours);
await ratePerSec(theirs);
const pairs: { ours: number; theirs: number }[] = [];
for (let round = 0; round < rounds; round++) pairs.push({ ours: await ratePerSec(ours), theirs: await ratePerSec(theirs) });
const ratio = median(pairs.map((pair) => pair.ours / pair.theirs));
const text = (which: 'ours' | 'theirs'): string => Math.round(median(pairs.map((pair) => pair[which]))).toString();
console.log(`four states, ${count} executions a round, ${rounds} rounds: lab ${text('ours')}/s, aws-local-stepfunctions ${text('theirs')}/s`);
console.log(`  ratio ${ratio.toFixed(2)}, bar: at least ${bar}: ${ratio >= bar ? 'holds' : 'MISSED'}`);
// A refused start would have thrown; a delayed transition shows here.
const throttled = await lab.context.call<{ Datapoints?: { Sum?: number }[] }>(
  'monitoring',
  'GetMetricStatistics',
  {
    Namespace: 'AWS/States',
    MetricName: 'ExecutionThrottled',
    Dimensions: [{ Name: 'StateMachineArn', Value: stateMachineArn }],
    StartTime: new Date(lab.context.clock.now() - 3_600_000),
    EndTime: new Date(lab.context.clock.now() + 60_000),
    Period: 3_600,
    Statistics: ['Sum'],
  },
  caller,
);
const delayed = (throttled.Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0);
if (delayed > 0) throw new Error(`${delayed} transitions were throttled`);
await lab.stop();
process.exitCode = ratio >= bar ? 0 : 1;
