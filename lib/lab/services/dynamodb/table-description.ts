import type { Json } from './dynalite.ts';
import type { Table } from './table.ts';
import type { TablePart } from './table-part.ts';
import type { Tables } from './tables.ts';

/** dynalite's description with what it does not know; counts and sizes are exact, where AWS refreshes them every six hours. */
export function described(tables: Tables, description: Json): Json {
  const table = tables.find(String(description['TableName']));
  if (!table) return description;
  const { count, bytes } = tables.dynalite.size(table.name);
  const shown = table.before ?? description;
  return {
    ...shown,
    TableStatus: table.before ? 'UPDATING' : shown['TableStatus'],
    ItemCount: count,
    TableSizeBytes: bytes,
    DeletionProtectionEnabled: table.deletionProtected,
    ...throughputOf(tables, table, table.own, shown),
    ...indexesOf(shown, 'GlobalSecondaryIndexes', (index) => globalIndex(tables, table, index)),
    ...indexesOf(shown, 'LocalSecondaryIndexes', (index) => ({ ...index, ...indexSize(tables, table, 'local', index) })),
  };
}

function indexesOf(description: Json, member: string, describe: (index: Json) => Json): Json {
  const list = description[member] as readonly Json[] | undefined;
  return list ? { [member]: list.map(describe) } : {};
}

function globalIndex(tables: Tables, table: Table, index: Json): Json {
  const part = table.part(String(index['IndexName']));
  return {
    ...index,
    ...(table.before ? { IndexStatus: 'UPDATING' } : {}),
    ...indexSize(tables, table, 'global', index),
    ...throughputOf(tables, table, part, index),
  };
}

/** Decreases, limits and warm throughput of a table or an index. */
function throughputOf(tables: Tables, table: Table, part: TablePart, description: Json): Json {
  const { OnDemandThroughput: max } = table.extra(part.index);
  const { read, write } = part.throughput;
  return {
    ProvisionedThroughput: { ...(description['ProvisionedThroughput'] as Json), NumberOfDecreasesToday: part.decreases.today(tables.nowMs()) },
    ...(max && Object.keys(max).length > 0 ? { OnDemandThroughput: max } : {}),
    WarmThroughput: {
      ReadUnitsPerSecond: Math.floor(read.warmPerSec),
      WriteUnitsPerSecond: Math.floor(write.warmPerSec),
      Status: table.before ? 'UPDATING' : 'ACTIVE',
    },
  };
}

function indexSize(tables: Tables, table: Table, kind: 'local' | 'global', index: Json): Json {
  const { count, bytes } = tables.dynalite.size(table.name, { kind, name: String(index['IndexName']) });
  return { ItemCount: count, IndexSizeBytes: bytes };
}
