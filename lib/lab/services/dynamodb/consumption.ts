import { type Consistency, readUnits, type UnitRules, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Source, Tally, Write } from './tally.ts';

/** Units that one call consumed of one table or index. */
export interface Consumed {
  readonly source: Source;
  readUnits: number;
  writeUnits: number;
}

/** Reads by key: each item rounded up by itself, those that do not exist included. */
export function consumedByGets(rules: UnitRules, gets: Tally['gets'], consistencyOf: (table: string) => Consistency): Consumed[] {
  const total = new Totals();
  for (const { source, bytes } of gets) total.of(source).readUnits += readUnits(rules, bytes, consistencyOf(source.table));
  return total.all;
}

/** A query or scan: what it looked at together, rounded up once. */
export function consumedByScan(rules: UnitRules, tally: Tally, source: Source, counted: number, consistency: Consistency): Consumed[] {
  let bytes = 0;
  for (let i = 0; i < counted; i++) bytes += tally.scans[i] ?? 0;
  return [{ source, readUnits: readUnits(rules, bytes, consistency), writeUnits: 0 }];
}

/** Writes: each item by the larger of its old and new size, each changed index entry likewise. */
export function consumedByWrites(rules: UnitRules, writes: readonly Write[], transactional = false): Consumed[] {
  const total = new Totals();
  for (const write of writes) total.of(write.source).writeUnits += unitsOfWrite(rules, write, transactional);
  return total.all;
}

export function unitsOfWrite(rules: UnitRules, { oldBytes, newBytes }: Write, transactional = false): number {
  return writeUnits(rules, Math.max(oldBytes, newBytes), transactional);
}

/** A write whose condition was not met costs what the item that is there would. */
export function consumedByFailedCondition(rules: UnitRules, tally: Tally, transactional = false): Consumed[] {
  return tally.gets.map(({ source, bytes }) => ({ source, readUnits: 0, writeUnits: writeUnits(rules, bytes, transactional) }));
}

/** What several parts of a call consumed, together. */
export function together(parts: readonly (readonly Consumed[])[]): Consumed[] {
  const total = new Totals();
  for (const { source, readUnits: read, writeUnits: write } of parts.flat()) {
    const sum = total.of(source);
    sum.readUnits += read;
    sum.writeUnits += write;
  }
  return total.all;
}

/** Sums by store; a call touches few, so a list is faster than a map. */
class Totals {
  readonly all: Consumed[] = [];

  of(source: Source): Consumed {
    for (const each of this.all) if (each.source === source) return each;
    const added = { source, readUnits: 0, writeUnits: 0 };
    this.all.push(added);
    return added;
  }
}

/**
 * Members of `ConsumedCapacity`, one for each table, as ReturnConsumedCapacity asks (`TOTAL` or `INDEXES`). Those of transactions say
 * as well which units they are.
 */
export function consumedCapacities(consumed: readonly Consumed[], detail: string, transactional = false): Record<string, unknown>[] {
  const tables = [...new Set(consumed.map(({ source }) => source.table))];
  return tables.map((TableName) => {
    const of = consumed.filter(({ source }) => source.table === TableName);
    const total = { TableName, ...capacityOf(of, transactional) };
    if (detail !== 'INDEXES') return total;
    const own = of.filter(({ source }) => !source.index);
    return { ...total, Table: capacityOf(own, transactional), ...byIndex(of, transactional) };
  });
}

interface CapacityUnits {
  readonly CapacityUnits: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

function byIndex(consumed: readonly Consumed[], transactional: boolean): Record<string, Record<string, CapacityUnits>> {
  const members: Record<string, Record<string, CapacityUnits>> = {};
  for (const each of consumed) {
    const { index } = each.source;
    if (!index) continue;
    const member = index.kind === 'global' ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    members[member] = { ...members[member], [index.name]: capacityOf([each], transactional) };
  }
  return members;
}

function capacityOf(consumed: readonly Consumed[], transactional: boolean): CapacityUnits {
  const CapacityUnits = unitsOf(consumed);
  if (!transactional) return { CapacityUnits };
  const read = consumed.reduce((sum, each) => sum + each.readUnits, 0);
  return {
    CapacityUnits,
    ...(read > 0 ? { ReadCapacityUnits: read } : {}),
    ...(CapacityUnits > read ? { WriteCapacityUnits: CapacityUnits - read } : {}),
  };
}

function unitsOf(consumed: readonly Consumed[]): number {
  return consumed.reduce((sum, each) => sum + each.readUnits + each.writeUnits, 0);
}
