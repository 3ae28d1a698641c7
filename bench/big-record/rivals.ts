import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { isoTime } from '../../lib/core/time-format.ts';
import type { Window } from '../../lib/record/types.ts';
import { type Measured, measured } from './measured.ts';

/** What a rival says of one operation in one phase; phases by their place in the run. */
export interface RivalFigures {
  readonly phase: number;
  readonly operation: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Rival {
  readonly took: Measured;
  readonly figures: readonly RivalFigures[];
}

/** k6's CSV through DuckDB, exact quantiles by nearest rank, all cores; undefined where Python has no `duckdb`. */
export function duckDb(csv: string, phases: readonly Window[]): Rival | undefined {
  if (spawnSync('python3', ['-c', 'import duckdb']).status !== 0) return undefined;
  const sec = ({ startMs, endMs }: Window): string => `timestamp >= ${startMs / 1000} and timestamp < ${endMs / 1000}`;
  const phase = `case ${phases.map((window, index) => `when ${sec(window)} then ${index}`).join(' ')} end`;
  const quantile = (percent: number): string => `quantile_disc(metric_value, ${percent / 100}) as p${percent}`;
  const types = "{'timestamp': 'BIGINT', 'metric_value': 'DOUBLE', 'error': 'VARCHAR', 'status': 'INTEGER', 'expected_response': 'BOOLEAN'}";
  const sql = `
    select ${phase} as phase, name as operation, count(*) as count, ${[50, 95, 99].map(quantile).join(', ')}
    from read_csv('${csv}', header = true, types = ${types})
    where metric_name = 'http_req_duration' and phase is not null group by all order by all`;
  const program =
    'import duckdb, json, sys\nduckdb.sql("SET enable_progress_bar = false")\ncursor = duckdb.sql(sys.argv[1])\nprint(json.dumps([dict(zip(cursor.columns, row)) for row in cursor.fetchall()]))';
  const took = measured('python3', ['-c', program, sql], dirname(csv));
  if (took.exitCode !== 0) throw new Error(took.stderr);
  return { took, figures: JSON.parse(took.stdout) as RivalFigures[] };
}

/** k6's JSON through jq, exact quantiles by nearest rank, times compared as texts of one form; undefined where there is no jq. */
export function jq(ndjson: string, phases: readonly Window[]): Rival | undefined {
  if (spawnSync('jq', ['--version']).status !== 0) return undefined;
  const program = `
    def phase: . as $at | first(range($phases | length) | select($phases[.].start <= $at and $at < $phases[.].end)) // null;
    def quantile($q): .[([(($q * length) - 1e-9 | ceil), 1] | max) - 1];
    [inputs | select(.type == "Point" and .metric == "http_req_duration") | .data | [.tags.name, (.time | phase), .value] | select(.[1] != null)]
    | group_by(.[:2])
    | map(.[0] as $first | map(.[2]) | sort
      | {phase: $first[1], operation: $first[0], count: length, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99)})`;
  const spans = phases.map(({ startMs, endMs }) => ({ start: isoTime(startMs), end: isoTime(endMs) }));
  const took = measured('jq', ['-n', '-c', '--argjson', 'phases', JSON.stringify(spans), program, ndjson], dirname(ndjson));
  if (took.exitCode !== 0) throw new Error(took.stderr);
  return { took, figures: JSON.parse(took.stdout) as RivalFigures[] };
}
