import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { downloaded } from './download.ts';
import { newestFirst, type RecordStore, type RunList, type StoredRun } from './store.ts';
import type { StoreUrl } from './store-url.ts';
import { assertSame, describeRun, noRun, readEntry, runOf, type StoredEntry } from './stored-entry.ts';
import type { Acceptance } from './summary.ts';

/** Version of the tables; a store with newer ones is refused by name. */
const schemaVersion = 1;

/** Held while the tables are made, so that two first runs do not make them at once. */
const schemaLock = 7_266_512;

const tables = `
  CREATE TABLE IF NOT EXISTS proofload_store (version integer NOT NULL);
  CREATE TABLE IF NOT EXISTS proofload_run (
    run_id text PRIMARY KEY, exercise text NOT NULL, started_ms bigint NOT NULL, sha256 text NOT NULL, entry text NOT NULL,
    accepted_ms double precision, accepted_reason text);
  CREATE INDEX IF NOT EXISTS proofload_run_exercise ON proofload_run (exercise, started_ms DESC);
  CREATE TABLE IF NOT EXISTS proofload_file (
    run_id text NOT NULL REFERENCES proofload_run ON DELETE CASCADE, name text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (run_id, name));
  INSERT INTO proofload_store SELECT ${schemaVersion} WHERE NOT EXISTS (SELECT FROM proofload_store);
`;

/** No call may hang. Wall milliseconds. */
const patience = { connectionTimeoutMillis: 10_000, query_timeout: 60_000 };

interface Row {
  readonly run_id: string;
  readonly entry: string;
  readonly accepted_ms: number | null;
  readonly accepted_reason: string | null;
}

const columns = 'run_id, entry, accepted_ms, accepted_reason';

/**
 * Records in tables of a PostgreSQL database, each written in one transaction. The tables are made by whoever writes first. Each task has a connection of its own:
 * one that waited for the end of a long run may be dead.
 */
export function postgresStore(url: StoreUrl, cacheFolder: string): RecordStore {
  const place = url.masked;
  const connected = <Result>(work: (db: pg.Client) => Promise<Result>): Promise<Result> => withConnection(url, work);
  const stored = (row: Row): StoredRun => {
    const entry = readEntry(row.entry, `run ${row.run_id} in ${place}`);
    const acceptance = row.accepted_ms === null ? undefined : { atMs: row.accepted_ms, reason: row.accepted_reason ?? '' };
    return runOf(entry, acceptance, () => connected((db) => downloaded(entry, cacheFolder, (name) => readFile(db, row.run_id, name))));
  };
  const rows = (where: string, values: readonly string[]): Promise<readonly Row[]> =>
    connected(async (db) =>
      (await hasTables(db, place)) ? (await db.query<Row>(`SELECT ${columns} FROM proofload_run ${where}`, [...values])).rows : [],
    );
  return {
    place,
    reach: () => connected(async (db) => void (await hasTables(db, place))),
    put: (folder) => connected((db) => put(db, folder, place)),
    list: async (exercise) => readable(await (exercise === undefined ? rows('', []) : rows('WHERE exercise = $1', [exercise])), stored),
    async find(runId) {
      const [row] = await rows('WHERE run_id = $1', [runId]);
      return row && stored(row);
    },
    accept: (runId, acceptance) => connected((db) => accept(db, runId, acceptance, place)),
    close: async () => undefined,
  };
}

async function withConnection<Result>(url: StoreUrl, work: (db: pg.Client) => Promise<Result>): Promise<Result> {
  const db = new pg.Client({ connectionString: url.full, application_name: 'proofload', ...patience });
  // A connection that breaks while nothing is asked of it: the next query says so.
  db.on('error', () => undefined);
  try {
    await db.connect();
    return await work(db);
  } catch (thrown) {
    throw thrown instanceof ProofloadError ? thrown : failed(url, thrown);
  } finally {
    await db.end().catch(() => undefined);
  }
}

async function put(db: pg.Client, folder: string, place: string): Promise<'stored' | 'already-there'> {
  const entry = describeRun(folder);
  const { runId, exercise, startedMs } = entry.manifest;
  if (!(await hasTables(db, place))) await inTransaction(db, () => makeTables(db));
  return inTransaction(db, async () => {
    // Whoever stores the same run at this moment goes first: the insert waits for the end of the other transaction.
    const inserted = await db.query(
      'INSERT INTO proofload_run (run_id, exercise, started_ms, sha256, entry) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [runId, exercise, Math.floor(startedMs), entry.sha256, JSON.stringify(entry)],
    );
    if (inserted.rowCount === 0) return assertSame(await entryOf(db, runId, place), entry.sha256, place);
    for (const { name } of entry.files)
      await db.query('INSERT INTO proofload_file (run_id, name, bytes) VALUES ($1, $2, $3)', [runId, name, readFileSync(join(folder, name))]);
    return 'stored' as const;
  });
}

async function makeTables(db: pg.Client): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
  await db.query(tables);
}

async function inTransaction<Result>(db: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await db.query('BEGIN');
  try {
    const result = await work();
    await db.query('COMMIT');
    return result;
  } catch (thrown) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw thrown;
  }
}

/** False in a database where nothing was ever stored. */
async function hasTables(db: pg.Client, place: string): Promise<boolean> {
  const { rows } = await db.query<{ there: boolean }>("SELECT to_regclass('proofload_store') IS NOT NULL AS there");
  if (!rows[0]?.there) return false;
  const found = await db.query<{ version: number }>('SELECT version FROM proofload_store');
  const version = found.rows[0]?.version ?? schemaVersion;
  if (version <= schemaVersion) return true;
  throw new ProofloadError(
    'store-newer',
    `${place} was made by a newer proofload: its tables have version ${version}, this one knows ${schemaVersion}`,
    {
      hint: 'update proofload',
    },
  );
}

async function entryOf(db: pg.Client, runId: string, place: string): Promise<StoredEntry> {
  const { rows } = await db.query<Row>(`SELECT ${columns} FROM proofload_run WHERE run_id = $1`, [runId]);
  return readEntry(rows[0]?.entry ?? '', `run ${runId} in ${place}`);
}

async function readFile(db: pg.Client, runId: string, name: string): Promise<Uint8Array> {
  const { rows } = await db.query<{ bytes: Buffer }>('SELECT bytes FROM proofload_file WHERE run_id = $1 AND name = $2', [runId, name]);
  return rows[0]?.bytes ?? new Uint8Array(0);
}

async function accept(db: pg.Client, runId: string, { atMs, reason }: Acceptance, place: string): Promise<void> {
  const there = await hasTables(db, place);
  const sql = 'UPDATE proofload_run SET accepted_ms = $2, accepted_reason = $3 WHERE run_id = $1';
  if (!there || (await db.query(sql, [runId, atMs, reason])).rowCount === 0) throw noRun(runId, place);
}

function readable(rows: readonly Row[], stored: (row: Row) => StoredRun): RunList {
  const runs: StoredRun[] = [];
  const skipped: string[] = [];
  for (const row of rows) {
    try {
      runs.push(stored(row));
    } catch (thrown) {
      skipped.push(messageOf(thrown));
    }
  }
  return { runs: newestFirst(runs), skipped };
}

function failed(url: StoreUrl, thrown: unknown): ProofloadError {
  // pg gives an AggregateError without a message where every address of a host refused.
  const errors = thrown instanceof AggregateError ? thrown.errors : [thrown];
  const what = url.redacted(errors.map(messageOf).join('; '));
  return new ProofloadError('store-failed', `the store ${url.masked} cannot be used: ${what}`, {
    hint: 'check the host, the database, the user and its password (in the URL, PGPASSWORD or ~/.pgpass)',
  });
}
