import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../contract.ts';
import type { DynaliteOperation, Json } from './dynalite.ts';
import type { OnDemandThroughput, Table } from './table.ts';
import type { Tables } from './tables.ts';

interface TableInput extends Json {
  readonly TableName: string;
  readonly OnDemandThroughput?: OnDemandThroughput;
  readonly DeletionProtectionEnabled?: boolean;
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean };
  readonly Tags?: readonly Json[];
  readonly GlobalSecondaryIndexUpdates?: readonly Json[];
}

/** What is set besides capacity and keys: table class, encryption and warm throughput are accepted and change nothing here. */
export function tableOperations(tables: Tables): Record<string, Operation<TableInput, Json>> {
  return {
    CreateTable: { act: (input) => createTable(tables, input) },
    UpdateTable: { act: (input) => updateTable(tables, input) },
    DeleteTable: { act: (input) => deleteTable(tables, input) },
    DescribeTable: { act: (input) => ({ Table: described(tables, output(tables, 'DescribeTable', named(input))['Table'] as Json) }) },
    ListTables: { act: (input) => tables.dynalite.run('ListTables', input).output },
    TagResource: { act: (input) => tagged(output(tables, 'TagResource', input)) },
    UntagResource: { act: (input) => tagged(output(tables, 'UntagResource', input)) },
    ListTagsOfResource: { act: (input) => tables.dynalite.run('ListTagsOfResource', input).output },
  };
}

function createTable(tables: Tables, input: TableInput): Json {
  const { TableName, OnDemandThroughput, DeletionProtectionEnabled, Tags } = input;
  refuseStream(input);
  if (tables.find(TableName)) throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
  const description = output(tables, 'CreateTable', input)['TableDescription'] as Json;
  description['CreationDateTime'] = tables.nowMs() / 1000;
  delete description['BillingMode'];
  const table = tables.add(description, OnDemandThroughput);
  table.deletionProtected = DeletionProtectionEnabled ?? false;
  if (Tags?.length) output(tables, 'TagResource', { ResourceArn: table.arn, Tags });
  return { TableDescription: described(tables, description) };
}

function updateTable(tables: Tables, input: TableInput): Json {
  refuseStream(input);
  const indexChange = updatesOf(input).find((update) => !('Update' in update));
  if (indexChange) {
    const [verb] = Object.keys(indexChange);
    throw unsupported(`${verb} an index of a table that exists; declare its indexes when the table is created`);
  }
  const table = tables.find(input.TableName);
  const { OnDemandThroughput, DeletionProtectionEnabled } = input;
  if (table && OnDemandThroughput) table.onDemandMax = { ...table.onDemandMax, ...OnDemandThroughput };
  if (table && DeletionProtectionEnabled !== undefined) table.deletionProtected = DeletionProtectionEnabled;
  const onlyOurs = table && !input['ProvisionedThroughput'] && !input['BillingMode'] && !input.GlobalSecondaryIndexUpdates;
  const description = onlyOurs ? tables.dynalite.table(table.name) : (output(tables, 'UpdateTable', named(input))['TableDescription'] as Json);
  table?.change(withNewThroughput(description ?? {}, input), tables.nowMs());
  return { TableDescription: described(tables, description ?? {}) };
}

/** Changes of indexes; none where they have a form that dynalite refuses. */
function updatesOf({ GlobalSecondaryIndexUpdates: updates }: TableInput): readonly Json[] {
  return Array.isArray(updates) && updates.every((each) => typeof each === 'object' && each !== null) ? updates : [];
}

/** dynalite sets new throughput a moment after it answered; the capacity follows at once. */
function withNewThroughput(description: Json, input: TableInput): Json {
  const updates = updatesOf(input).map(({ Update }) => Update as Json);
  const indexes = (description['GlobalSecondaryIndexes'] ?? []) as readonly Json[];
  return {
    ...description,
    ...(input['ProvisionedThroughput'] ? { ProvisionedThroughput: input['ProvisionedThroughput'] } : {}),
    GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, ...updates.find(({ IndexName }) => IndexName === index['IndexName']) })),
  };
}

async function deleteTable(tables: Tables, input: TableInput): Promise<Json> {
  const table = tables.find(input.TableName);
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

/** Inputs name a table by its name or its ARN; dynalite knows names. */
function named(input: TableInput): Json {
  const { TableName: name } = input;
  return typeof name === 'string' ? { ...input, TableName: name.slice(name.lastIndexOf('/') + 1) } : input;
}

/** dynalite's description with what it does not know; counts and sizes are exact, where AWS refreshes them every six hours. */
function described(tables: Tables, description: Json): Json {
  const table = tables.find(String(description['TableName']));
  if (!table) return description;
  const { count, bytes } = tables.dynalite.size(table.name);
  const indexes = (member: string, kind: 'local' | 'global'): Json => {
    const list = description[member] as readonly Json[] | undefined;
    return list ? { [member]: list.map((index) => ({ ...index, ...indexSize(tables, table, kind, String(index['IndexName'])) })) } : {};
  };
  return {
    ...description,
    ItemCount: count,
    TableSizeBytes: bytes,
    DeletionProtectionEnabled: table.deletionProtected,
    ...(table.onDemandMax ? { OnDemandThroughput: table.onDemandMax } : {}),
    ...indexes('GlobalSecondaryIndexes', 'global'),
    ...indexes('LocalSecondaryIndexes', 'local'),
  };
}

function indexSize(tables: Tables, table: Table, kind: 'local' | 'global', name: string): Json {
  const { count, bytes } = tables.dynalite.size(table.name, { kind, name });
  return { ItemCount: count, IndexSizeBytes: bytes };
}

function refuseStream({ StreamSpecification }: TableInput): void {
  if (StreamSpecification?.StreamEnabled) throw unsupported('turn on a stream');
}

function unsupported(what: string): AwsError {
  return new AwsError('ValidationException', `The lab cannot ${what}.`);
}
