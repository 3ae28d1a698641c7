import { quantileSampler, type Sampler } from '../quantile-sampler.ts';

/** The part of `config/latency` that this model reads. */
export interface LatencyTables {
  keys(): string[];
  table(key: string): Readonly<Record<string, number>>;
}

export interface ColdStartRow {
  /** Key of `config/latency` whose figures are used, such as `lambda.cold-start.nodejs24.x.zip.arm64.512`. */
  readonly key: string;
  /** Whether memory and architecture are those that were asked for. */
  readonly exact: boolean;
  /** Milliseconds of Init Duration for a uniform number. */
  readonly sample: Sampler;
}

const prefix = 'lambda.cold-start.';

/** Runtimes with measured cold starts, in the order of the file. */
export function coldStartRuntimes(tables: LatencyTables): string[] {
  return [...new Set(rowsOf(tables).map((row) => row.runtime))];
}

/**
 * Cold starts of a zip function. Without a row for its memory and architecture, the row of the same runtime that is nearest:
 * same architecture first, then the memory whose ratio to the one asked for is smallest (Init Duration hardly depends on memory).
 * Undefined for a runtime without any row.
 */
export function coldStartRow(tables: LatencyTables, runtime: string, architecture: string, memoryMb: number): ColdStartRow | undefined {
  const distance = (row: Row): number => (row.architecture === architecture ? 0 : 1000) + Math.abs(Math.log2(row.memoryMb / memoryMb));
  const [nearest] = rowsOf(tables)
    .filter((row) => row.runtime === runtime)
    .sort((a, b) => distance(a) - distance(b));
  if (!nearest) return undefined;
  return { key: nearest.key, exact: distance(nearest) === 0, sample: quantileSampler(tables.table(nearest.key)) };
}

interface Row {
  readonly key: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly memoryMb: number;
}

function rowsOf(tables: LatencyTables): Row[] {
  return tables.keys().flatMap((key) => {
    const match = key.startsWith(prefix) && /^(.+)\.zip\.([^.]+)\.(\d+)$/.exec(key.slice(prefix.length));
    if (!match) return [];
    const [, runtime = '', architecture = '', memory = ''] = match;
    return [{ key, runtime, architecture, memoryMb: Number(memory) }];
  });
}
