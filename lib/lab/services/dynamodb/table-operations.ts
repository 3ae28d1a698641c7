import { AwsError } from '../../../core/errors.ts';
import type { PerDirection } from '../../../models/dynamodb/capacity.ts';
import type { Operation } from '../../contract.ts';
import type { DynaliteOperation, Json } from './dynalite.ts';
import { checkExtraSettings, refuseColder } from './extra-settings.ts';
import { described } from './table-description.ts';
import { listOf, named, refuseStream, type TableInput } from './table-input.ts';
import type { ExtraSettings, ProvisionedUnits } from './table-settings.ts';
import type { Tables } from './tables.ts';
import { refuseOverQuota, throughputsOf } from './throughput-quota.ts';
import { refuseInUse, updateTable } from './update-table.ts';

/** What is set besides capacity and keys: table class and encryption are accepted and change nothing here. */
export function tableOperations(tables: Tables): Record<string, Operation<TableInput, Json>> {
  return {
    CreateTable: { act: (input) => createTable(tables, input) },
    UpdateTable: { act: (input) => updateTable(tables, input) },
    DeleteTable: { act: (input) => deleteTable(tables, input) },
    DescribeTable: { act: (input) => ({ Table: described(tables, output(tables, 'DescribeTable', named(input))['Table'] as Json) }) },
    DescribeLimits: { act: () => limitsOf(tables) },
    ListTables: { act: (input) => tables.dynalite.run('ListTables', input).output },
    TagResource: { act: (input) => tagged(output(tables, 'TagResource', input)) },
    UntagResource: { act: (input) => tagged(output(tables, 'UntagResource', input)) },
    ListTagsOfResource: { act: (input) => tables.dynalite.run('ListTagsOfResource', input).output },
  };
}

/** What a table or index has as warm throughput without asking. */
function leastWarm(tables: Tables, { BillingMode }: TableInput, part: Json): PerDirection {
  if (BillingMode === 'PAY_PER_REQUEST') return tables.rules.throughput.capacity.onDemandInitial;
  const { ReadCapacityUnits: read = 0, WriteCapacityUnits: write = 0 } = (part['ProvisionedThroughput'] ?? {}) as Partial<ProvisionedUnits>;
  return { read, write };
}

function limitsOf({ rules: { accountMax, throughput } }: Tables): Json {
  const { tableMax } = throughput.capacity;
  return {
    AccountMaxReadCapacityUnits: accountMax.read,
    AccountMaxWriteCapacityUnits: accountMax.write,
    TableMaxReadCapacityUnits: tableMax.read,
    TableMaxWriteCapacityUnits: tableMax.write,
  };
}

function createTable(tables: Tables, input: TableInput): Json {
  const { TableName, DeletionProtectionEnabled, Tags } = input;
  refuseStream(input);
  if (tables.find(TableName)) throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
  if (input['BillingMode'] !== 'PAY_PER_REQUEST') refuseOverQuota(tables, undefined, throughputsOf(input));
  checkExtraSettings(input);
  for (const part of [input, ...listOf(input.GlobalSecondaryIndexes)]) refuseColder(part as ExtraSettings, leastWarm(tables, input, part));
  const extras = new Map<string, ExtraSettings>([['', input]]);
  for (const index of listOf(input.GlobalSecondaryIndexes)) extras.set(String(index['IndexName']), index as ExtraSettings);
  // dynalite takes away what it does not know.
  const description = output(tables, 'CreateTable', structuredClone(input))['TableDescription'] as Json;
  description['CreationDateTime'] = tables.nowMs() / 1000;
  delete description['BillingMode'];
  const table = tables.add(description, extras);
  table.deletionProtected = DeletionProtectionEnabled ?? false;
  if (Tags?.length) output(tables, 'TagResource', { ResourceArn: table.arn, Tags });
  return { TableDescription: described(tables, description) };
}

async function deleteTable(tables: Tables, input: TableInput): Promise<Json> {
  const table = tables.find(input.TableName);
  if (table) refuseInUse(table);
  if (table?.deletionProtected) {
    const message = `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`;
    throw new AwsError('ValidationException', message);
  }
  const deleted = await tables.dynalite.run('DeleteTable', named(input)).output;
  if (table) tables.remove(table.name);
  return deleted;
}

function output(tables: Tables, operation: DynaliteOperation, input: Json): Json {
  return tables.dynalite.run(operation, input).output as Json;
}

/** dynalite answers tagging with an empty text; AWS with nothing. */
function tagged(_output: Json): Json {
  return {};
}
