import { AwsError } from '../../../core/errors.ts';
import type { PerDirection } from '../../../models/dynamodb/capacity.ts';
import type { Json } from './dynalite.ts';
import { listOf } from './table-input.ts';
import type { ExtraSettings } from './table-settings.ts';

/** Members that dynalite does not know and so does not check, each with its numbers. */
const members = {
  WarmThroughput: ['ReadUnitsPerSecond', 'WriteUnitsPerSecond'],
  OnDemandThroughput: ['MaxReadRequestUnits', 'MaxWriteRequestUnits'],
} as const satisfies Record<keyof ExtraSettings, readonly string[]>;

/** Throws AWS's error when such a member, of a table's input or one of its indexes, has a form that it cannot have. */
export function checkExtraSettings(input: Json): void {
  const updates = listOf(input['GlobalSecondaryIndexUpdates']).flatMap((update) => ('Update' in update ? [structure(update['Update'])] : []));
  for (const part of [input, ...listOf(input['GlobalSecondaryIndexes']), ...updates]) {
    for (const [name, numbers] of Object.entries(members)) {
      if (part[name] === undefined || part[name] === null) continue;
      const given = structure(part[name]);
      for (const number of numbers) if (given[number] !== undefined) checkLong(given[number]);
    }
  }
}

function structure(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new AwsError('SerializationException', 'Unexpected field type');
}

function checkLong(value: unknown): void {
  if (typeof value === 'number') return;
  throw new AwsError('SerializationException', `${typeof value === 'string' ? 'STRING_VALUE' : 'Value'} cannot be converted to Long`);
}

/** Warm throughput never falls below what it is, nor begins below what a table has anyway. */
export function refuseColder({ WarmThroughput }: ExtraSettings, current: PerDirection): void {
  const { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write } = WarmThroughput ?? {};
  for (const [name, wanted, least] of [
    ['ReadUnitsPerSecond', read, Math.floor(current.read)],
    ['WriteUnitsPerSecond', write, Math.floor(current.write)],
  ] as const) {
    if (wanted === undefined || wanted >= least) continue;
    const message = `One or more parameter values were invalid: Requested ${name} for WarmThroughput is lower than the current value (${least})`;
    throw new AwsError('ValidationException', message);
  }
}
