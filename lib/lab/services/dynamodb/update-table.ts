import { AwsError } from '../../../core/errors.ts';
import { dateTimeText } from '../../../core/time-format.ts';
import type { PerDirection } from '../../../models/dynamodb/capacity.ts';
import type { DecreaseRefusal, DecreaseRules } from '../../../models/dynamodb/decreases.ts';
import type { SwitchRules } from '../../../models/dynamodb/mode-switches.ts';
import type { Json, Validated } from './dynalite.ts';
import { checkExtraSettings, refuseColder } from './extra-settings.ts';
import type { Table } from './table.ts';
import { described } from './table-description.ts';
import { listOf, named, refuseStream, type TableInput, unsupported } from './table-input.ts';
import type { TablePart } from './table-part.ts';
import { type ExtraSettings, isOnDemand, type ProvisionedUnits } from './table-settings.ts';
import type { Tables } from './tables.ts';
import { refuseOverQuota, throughputsOf } from './throughput-quota.ts';

/** Starts a change; the table is UPDATING, and works as before, until it is there. */
export function updateTable(tables: Tables, input: TableInput): Json {
  refuseStream(input);
  checkExtraSettings(input);
  const updates = listOf(input.GlobalSecondaryIndexUpdates);
  const indexChange = updates.find((update) => !('Update' in update));
  if (indexChange) {
    const [verb] = Object.keys(indexChange);
    throw unsupported(`${verb} an index of a table that exists; declare its indexes when the table is created`);
  }
  const table = tables.find(input.TableName);
  if (!table) return tables.dynalite.run('UpdateTable', named(input)).output as Json;
  const dynaliteChange = validated(tables, input);
  refuseInUse(table);
  const before = structuredClone(tables.dynalite.table(table.name) ?? {});
  const after = changed(before, input);
  const lowered = loweredParts(table, before, after);
  const switched = !isOnDemand(before) && isOnDemand(after);
  refuse(tables, table, input, { after, lowered, switched });
  if (dynaliteChange) tables.dynalite.act(dynaliteChange);
  if (switched) table.switches.count(tables.nowMs());
  for (const part of lowered) part.decreases.count(tables.nowMs());
  const { DeletionProtectionEnabled } = input;
  if (DeletionProtectionEnabled !== undefined) table.deletionProtected = DeletionProtectionEnabled;
  if (changesThroughput(input)) change(tables, table, before, input);
  return { TableDescription: described(tables, tables.dynalite.table(table.name) ?? {}) };
}

export function refuseInUse(table: Table): void {
  if (!table.before) return;
  const message = `Attempt to change a resource which is still in use: Table is being updated: ${table.name}`;
  throw new AwsError('ResourceInUseException', message);
}

interface Change {
  readonly after: Json;
  readonly lowered: readonly TablePart[];
  /** From provisioned to on-demand. */
  readonly switched: boolean;
}

function refuse(tables: Tables, table: Table, input: TableInput, { after, lowered, switched }: Change): void {
  const nowMs = tables.nowMs();
  const tooOften = switched && table.switches.refusal(nowMs);
  if (tooOften) throw tooManySwitches(tooOften, tables.rules.switches);
  if (!isOnDemand(after)) refuseOverQuota(tables, table.name, throughputsOf(after));
  for (const part of lowered) {
    const refusal = part.decreases.refusal(nowMs);
    if (refusal) throw tooManyDecreases(refusal, tables.rules.decreases);
  }
  refuseColder(input, warmOf(table.own));
  for (const { Update } of listOf(input.GlobalSecondaryIndexUpdates)) {
    const { IndexName, ...settings } = Update as ExtraSettings & { IndexName: string };
    const index = table.indexes.get(IndexName);
    if (!index) throw new AwsError('ValidationException', `The table does not have the specified index: ${IndexName}`);
    refuseColder(settings, warmOf(index));
  }
}

function warmOf({ throughput: { read, write } }: TablePart): PerDirection {
  return { read: read.warmPerSec, write: write.warmPerSec };
}

/** What dynalite has to know of a change, checked; undefined when all of it is the lab's. */
function validated(tables: Tables, input: TableInput): Validated | undefined {
  const { GlobalSecondaryIndexUpdates: given, ...rest } = named(structuredClone(input)) as TableInput;
  const wellFormed = given === undefined || listOf(given).length > 0;
  const updates = wellFormed ? listOf(given).filter(({ Update }) => (Update as Json)['ProvisionedThroughput'] !== undefined) : given;
  const known = [
    'WarmThroughput',
    'OnDemandThroughput',
    'DeletionProtectionEnabled',
    'GlobalSecondaryIndexUpdates',
    'TableClass',
    'SSESpecification',
  ];
  const ours = wellFormed && updates.length === 0 && !input['ProvisionedThroughput'] && !input.BillingMode;
  if (ours && known.some((member) => input[member] !== undefined)) return undefined;
  return tables.dynalite.validated('UpdateTable', { ...rest, ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }) });
}

function changesThroughput(input: TableInput): boolean {
  return ['ProvisionedThroughput', 'BillingMode', 'OnDemandThroughput', 'WarmThroughput', 'GlobalSecondaryIndexUpdates'].some(
    (name) => input[name] !== undefined,
  );
}

function change(tables: Tables, table: Table, before: Json, input: TableInput): void {
  table.before = before;
  tables.context.clock.schedule(tables.rules.updateSec * 1000, () => {
    table.before = undefined;
    table.extend(undefined, input);
    for (const { Update } of listOf(input.GlobalSecondaryIndexUpdates)) table.extend(String((Update as Json)['IndexName']), Update as ExtraSettings);
    table.change(changed(before, input), tables.nowMs());
  });
}

/** A description with what an input changes of its throughput. */
function changed(description: Json, input: TableInput): Json {
  const updates = listOf(input.GlobalSecondaryIndexUpdates).map(({ Update }) => Update as Json);
  const indexes = listOf(description['GlobalSecondaryIndexes']);
  const { BillingMode } = input;
  return {
    ...description,
    ...(BillingMode ? { BillingModeSummary: { BillingMode } } : {}),
    ...(input['ProvisionedThroughput'] ? { ProvisionedThroughput: input['ProvisionedThroughput'] } : {}),
    GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, ...updates.find(({ IndexName }) => IndexName === index['IndexName']) })),
  };
}

/** Parts of a provisioned table that would get less in one direction or both. */
function loweredParts(table: Table, before: Json, after: Json): TablePart[] {
  if (isOnDemand(before) || isOnDemand(after)) return [];
  const byIndex = (of: Json): Map<string | undefined, ProvisionedUnits> =>
    new Map(
      [of, ...listOf(of['GlobalSecondaryIndexes'])].map((part) => [
        part['IndexName'] as string | undefined,
        part['ProvisionedThroughput'] as ProvisionedUnits,
      ]),
    );
  const [old, wanted] = [byIndex(before), byIndex(after)];
  return table.parts.filter(({ index }) => {
    const [had, gets] = [old.get(index), wanted.get(index)];
    return had && gets && (gets.ReadCapacityUnits < had.ReadCapacityUnits || gets.WriteCapacityUnits < had.WriteCapacityUnits);
  });
}

function tooManyDecreases({ today, lastMs, nextMs }: DecreaseRefusal, { freeADay, intervalSec }: DecreaseRules): AwsError {
  const message =
    'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. ' +
    `After the first ${freeADay} decreases, each subsequent decrease in the same UTC day can be performed at most once every ${intervalSec} seconds. ` +
    `Number of decreases today: ${today}. Last decrease at ${dateTimeText(lastMs)}. Next decrease can be made at ${dateTimeText(nextMs)}`;
  return new AwsError('LimitExceededException', message);
}

function tooManySwitches({ lastMs, nextMs }: { lastMs: number; nextMs: number }, { most, periodSec }: SwitchRules): AwsError {
  const message =
    `Subscriber limit exceeded: Update to PayPerRequest mode are limited to ${most} times in ${periodSec / 86_400} day(s). ` +
    `Last update at ${dateTimeText(lastMs)}. Next update can be made at ${dateTimeText(nextMs)}`;
  return new AwsError('LimitExceededException', message);
}
