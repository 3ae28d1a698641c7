import { expect, it } from 'vitest';
import { virtualTable } from '../../../../test/virtual-dynamodb.ts';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import type { Numbers } from '../../../core/numbers.ts';
import { seededRng } from '../../../core/rng.ts';
import { keyPosition } from '../../../models/dynamodb/key-position.ts';
import { Throughput } from '../../../models/dynamodb/throughput.ts';
import type { CallContext, LabContext, Operation } from '../../contract.ts';
import { tableRules } from './rules.ts';

const call: CallContext = { requestId: 'r', caller: { kind: 'http' }, arrivedMs: 0, modelledMs: 0 };

interface Arrival {
  readonly atMs: number;
  readonly id: string;
  readonly kb: number;
}

/** Minutes of writes with a hot key, some of several units, at changing rates. */
function trace(): Arrival[] {
  const rng = seededRng('trace');
  const arrivals: Arrival[] = [];
  for (let atMs = 0; atMs < 120_000; atMs += rng.next() * (atMs % 40_000 < 20_000 ? 12 : 60)) {
    arrivals.push({ atMs: Math.round(atMs), id: rng.int(3) === 0 ? 'hot' : `k${rng.int(500)}`, kb: 1 + rng.int(3) });
  }
  return arrivals;
}

/** Partitions so small that the hot key outgrows its own. */
const quotasOf = ({ quotas }: LabContext): Numbers => quotas.with({ 'dynamodb.partition-max-write': 25 }, 'test', '2026-11-24');

/** What the lab admits, through the operation as the pipeline runs it. */
async function byLab(arrivals: readonly Arrival[]): Promise<string> {
  const ProvisionedThroughput = { ReadCapacityUnits: 40, WriteCapacityUnits: 40 };
  const withSmallPartitions = (context: LabContext): LabContext => ({ ...context, quotas: quotasOf(context) });
  const { lab, service } = await virtualTable('trace', { ProvisionedThroughput }, withSmallPartitions);
  const put = service.operations['PutItem'] as unknown as Operation<object>;
  const startMs = lab.clock.now();
  const outcomes: string[] = [];
  for (const { atMs, id, kb } of arrivals) {
    await lab.clock.advance(startMs + atMs - lab.clock.now());
    // A little below whole units: names of attributes count as well.
    const input = { TableName: 'trace', Item: { id: { S: id }, text: { S: 'x'.repeat(kb * 1024 - 100) } } };
    try {
      put.admit?.(input, call);
      await put.act(input, call);
      outcomes.push('.');
    } catch (thrown) {
      outcomes.push(reasonIn(thrown));
    }
  }
  await lab.stop();
  return outcomes.join('');
}

function reasonIn(thrown: unknown): string {
  const { members } = thrown as { members: { ThrottlingReasons: [{ reason: string }] } };
  return members.ThrottlingReasons[0].reason === 'TableWriteProvisionedThroughputExceeded' ? 'P' : 'K';
}

/** What the model admits; a write costs the larger of the old and the new item. */
function byModel(arrivals: readonly Arrival[]): string {
  const setting = { mode: 'provisioned', unitsPerSec: 40 } as const;
  const rules = tableRules(quotasOf(virtualLab(() => []).context)).throughput;
  const model = new Throughput(rules, { read: setting, write: setting }, 0);
  const sizes = new Map<string, number>();
  const outcomes = arrivals.map(({ atMs, id, kb }) => {
    const position = keyPosition({ S: id });
    const refusal = model.admit('write', 1, position, atMs);
    if (refusal !== undefined) return refusal === 'ProvisionedThroughput' ? 'P' : 'K';
    model.charge('write', Math.max(kb, sizes.get(id) ?? 0) - 1, position);
    sizes.set(id, kb);
    return '.';
  });
  return outcomes.join('');
}

it('admits and refuses what the pure model does, given the same arrivals', async () => {
  const arrivals = trace();
  const [lab, model] = [await byLab(arrivals), byModel(arrivals)];
  const firstDifference = [...lab].findIndex((outcome, i) => outcome !== model[i]);
  expect([lab.length, firstDifference]).toEqual([model.length, -1]);
  const count = (outcome: string): number => model.split(outcome).length - 1;
  expect([count('.') > 500, count('P') > 500, count('K') > 100]).toEqual([true, true, true]);
}, 30_000);

const small = {
  'dynamodb.on-demand-initial-write': 20,
  'dynamodb.on-demand-peak-sec': 10,
  'dynamodb.on-demand-settle-sec': 60,
  'dynamodb.partition-max-write': 25,
  'dynamodb.partition-max-read': 2_000,
  'dynamodb.heat-split-delay-sec': 20,
};

/** New items of a table on demand whose index has three keys, in rushes that grow. */
function orders(): { readonly atMs: number; readonly id: string; readonly state: string }[] {
  const rng = seededRng('orders');
  const arrivals = [];
  for (let atMs = 0; atMs < 90_000; atMs += rng.next() * (atMs < 30_000 ? 60 : 18)) {
    arrivals.push({ atMs: Math.round(atMs), id: rng.hex(8), state: ['open', 'open', 'open', 'done', 'lost'][rng.int(5)] as string });
  }
  return arrivals;
}

it('admits and refuses what the pure models of a table on demand and of its index do', async () => {
  const arrivals = orders();
  const { lab, service } = await virtualTable(
    'trace',
    {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        { IndexName: 'by-state', KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    },
    (context) => ({ ...context, quotas: context.quotas.with(small, 'test', '2026-11-24') }),
  );
  const put = service.operations['PutItem'] as unknown as Operation<object>;
  const rules = tableRules(lab.context.quotas.with(small, 'test', '2026-11-24')).throughput;
  const startMs = lab.clock.now();
  const setting = { mode: 'on-demand' } as const;
  const [table, index] = [0, 1].map(() => new Throughput(rules, { read: setting, write: setting }, startMs)) as [Throughput, Throughput];
  const counts = new Map<string, number>();
  for (const { atMs, id, state } of arrivals) {
    await lab.clock.advance(startMs + atMs - lab.clock.now());
    const nowMs = lab.clock.now();
    const input = { TableName: 'trace', Item: { id: { S: id }, state: { S: state } } };
    let byLab = 'admitted';
    try {
      put.admit?.(input, call);
      await put.act(input, call);
    } catch (thrown) {
      byLab = (thrown as { members: { throttlingReasons: [{ reason: string }] } }).members.throttlingReasons[0].reason;
    }
    const byTable = table.admit('write', 1, keyPosition({ S: id }), nowMs);
    const byIndex = byTable ?? index.admit('write', 1, keyPosition({ S: state }), nowMs);
    if (byTable === undefined && byIndex !== undefined) table.charge('write', -1, keyPosition({ S: id }));
    const byModel = byIndex === undefined ? 'admitted' : `${byTable === undefined ? 'Index' : 'Table'}Write${byIndex}Exceeded`;
    expect([atMs, byLab]).toEqual([atMs, byModel]);
    counts.set(byLab, (counts.get(byLab) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['IndexWriteKeyRangeThroughputExceeded', 'TableWriteKeyRangeThroughputExceeded', 'admitted']);
  expect(Math.min(...counts.values())).toBeGreaterThan(100);
  await lab.stop();
}, 30_000);
