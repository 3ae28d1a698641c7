import { type Consistency, readUnits, type UnitRules, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Source, Tally } from './tally.ts';

/** Units that one call consumed of one table or index. */
export interface Consumed {
  readonly source: Source;
  readUnits: number;
  writeUnits: number;
}

/** Reads by key: each item rounded up by itself, those that do not exist included. */
export function consumedByGets(rules: UnitRules, tally: Tally, consistencyOf: (table: string) => Consistency): Consumed[] {
  const total = new Totals();
  for (const { source, bytes } of tally.gets) total.of(source).readUnits += readUnits(rules, bytes, consistencyOf(source.table));
  return total.all;
}

/** A query or scan: what it looked at together, rounded up once. */
export function consumedByScan(rules: UnitRules, tally: Tally, source: Source, counted: number, consistency: Consistency): Consumed[] {
  let bytes = 0;
  for (let i = 0; i < counted; i++) bytes += tally.scans[i] ?? 0;
  return [{ source, readUnits: readUnits(rules, bytes, consistency), writeUnits: 0 }];
}

/** Writes: each item by the larger of its old and new size, each changed index entry likewise. */
export function consumedByWrites(rules: UnitRules, tally: Tally): Consumed[] {
  const total = new Totals();
  for (const { source, oldBytes, newBytes } of tally.writes) total.of(source).writeUnits += writeUnits(rules, Math.max(oldBytes, newBytes));
  return total.all;
}

/** A write whose condition was not met costs what the item that is there would. */
export function consumedByFailedCondition(rules: UnitRules, tally: Tally): Consumed[] {
  return tally.gets.map(({ source, bytes }) => ({ source, readUnits: 0, writeUnits: writeUnits(rules, bytes) }));
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

/** Members of `ConsumedCapacity`, one for each table, as ReturnConsumedCapacity asks (`TOTAL` or `INDEXES`). */
export function consumedCapacities(consumed: readonly Consumed[], detail: string): Record<string, unknown>[] {
  const tables = [...new Set(consumed.map(({ source }) => source.table))];
  return tables.map((TableName) => {
    const of = consumed.filter(({ source }) => source.table === TableName);
    const total = { TableName, CapacityUnits: unitsOf(of) };
    if (detail !== 'INDEXES') return total;
    return { ...total, Table: { CapacityUnits: unitsOf(of.filter(({ source }) => !source.index)) }, ...byIndex(of) };
  });
}

function byIndex(consumed: readonly Consumed[]): Record<string, Record<string, { CapacityUnits: number }>> {
  const members: Record<string, Record<string, { CapacityUnits: number }>> = {};
  for (const each of consumed) {
    const { index } = each.source;
    if (!index) continue;
    const member = index.kind === 'global' ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    members[member] = { ...members[member], [index.name]: { CapacityUnits: unitsOf([each]) } };
  }
  return members;
}

function unitsOf(consumed: readonly Consumed[]): number {
  return consumed.reduce((sum, each) => sum + each.readUnits + each.writeUnits, 0);
}
