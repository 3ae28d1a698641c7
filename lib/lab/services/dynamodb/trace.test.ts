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
