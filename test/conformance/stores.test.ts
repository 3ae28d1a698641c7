import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, describe, expect, it } from 'vitest';
import { exitWhenKept, keepRun } from '../../cli/store.ts';
import type { Env } from '../../lib/core/env.ts';
import { openStore } from '../../lib/record/history/open-store.ts';
import type { RecordStore } from '../../lib/record/history/store.ts';
import { openRecord } from '../../lib/record/reader.ts';
import { storeContract } from '../store-contract.ts';
import { writeSyntheticRun } from '../synthetic/run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'proofload-stores-'));
const password = 'p#ss w0rd';

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(scratch, { recursive: true });
});

let database: PGlite;
let postgresUrl = '';

async function startPostgres(): Promise<string> {
  const db = await PGlite.create();
  database = db;
  const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 4 });
  await server.start();
  closing.push(
    () => db.close(),
    () => server.stop(),
  );
  postgresUrl = `postgres://postgres:${encodeURIComponent(password)}@${server.getServerConn()}/postgres?sslmode=disable`;
  return postgresUrl;
}

storeContract('folder', async () => join(scratch, 'kept'));
storeContract('postgres', startPostgres);

describe('a store in PostgreSQL', () => {
  const store = (): Promise<RecordStore> => openStore(postgresUrl, { cwd: scratch, cacheFolder: scratch });

  it('shows nothing of a push that breaks off, and takes the run the next time', async () => {
    const folder = join(scratch, 'broken');
    writeSyntheticRun(folder, { ratePerSec: 1, warmUpSec: 0, baselineMin: 1, faultMin: 0, fault: 'nothing', seed: 'broken' });
    await database.exec(`ALTER TABLE proofload_file ADD CONSTRAINT full_disk CHECK (name NOT LIKE '%samples%') NOT VALID`);
    await expect((await store()).put(folder)).rejects.toThrow(
      expect.objectContaining({ code: 'store-failed', message: expect.stringContaining('full_disk') }),
    );
    const { runId } = openRecord(folder).manifest;
    expect(await (await store()).find(runId)).toBeUndefined();
    expect((await database.query('SELECT FROM proofload_file WHERE run_id = $1', [runId])).rows).toEqual([]);
    await database.exec('ALTER TABLE proofload_file DROP CONSTRAINT full_disk');
    expect(await (await store()).put(folder)).toBe('stored');
  });

  it('of a newer proofload is refused by name, and a newer run in it is left out and named', async () => {
    await database.exec(`UPDATE proofload_run SET entry = replace(entry, '"recordVersion":1', '"recordVersion":7') WHERE run_id = 'run-new'`);
    const { runs, skipped } = await (await store()).list();
    expect([runs.some(({ runId }) => runId === 'run-new'), skipped]).toEqual([
      false,
      [expect.stringMatching(/^run run-new in .* was written by a newer proofload/)],
    ]);
    await database.exec('UPDATE proofload_store SET version = 9');
    await expect((await store()).list()).rejects.toThrow(expect.objectContaining({ code: 'store-newer' }));
  });
});

describe('the place of a store', () => {
  const opened = (place: string): Promise<RecordStore> => openStore(place, { cwd: scratch, cacheFolder: scratch });

  it('shows no password, neither in its name nor in an error', async () => {
    const store = await opened(`postgres://gate:${encodeURIComponent(password)}@127.0.0.1:1/runs`);
    expect(store.place).toBe('postgres://gate:***@127.0.0.1:1/runs');
    const failure = await store.reach().catch((thrown: unknown) => thrown as Error & { code: string });
    expect(failure).toMatchObject({ code: 'store-failed', message: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify([failure, String(failure)])).not.toContain(password);
    await store.close();
  });

  it.each([
    ['mysql://u:secret@h/d', 'no store of kind mysql'],
    ['postgres://u:sec ret#@h:port/d', 'the postgres URL of the store cannot be read'],
    ['s3://key:secret@bucket/p', 'an s3 URL of a store holds credentials'],
    ['s3://bucket/p?acl=private', 'acl means nothing in the s3 URL of a store'],
    ['s3://bucket?endpoint=http://key:secret@host', 'the endpoint of the store is no http URL'],
    ['s3:///p', 'the s3 URL of a store names no bucket'],
  ])('%s is refused without its secrets', async (place, message) => {
    await expect(opened(place)).rejects.toThrow(expect.objectContaining({ code: 'bad-store', message }));
  });
});

describe('a run whose push fails', () => {
  const told: string[] = [];
  const env = { cwd: scratch, stderr: { write: (text: string) => void told.push(text) } } as unknown as Env;

  it('keeps its record, says why and how to push it later, and costs no verdict its exit code', async () => {
    const folder = join(scratch, 'reports', 'run-a');
    writeSyntheticRun(folder, { ratePerSec: 1, warmUpSec: 0, baselineMin: 1, faultMin: 0, fault: 'nothing' });
    const store = await openStore(`postgres://gate:${encodeURIComponent(password)}@127.0.0.1:1/runs`, { cwd: scratch, cacheFolder: scratch });
    const kept = await keepRun(env, store, folder);
    expect(kept).toMatchObject({ stored: false, place: 'postgres://gate:***@127.0.0.1:1/runs', error: expect.stringContaining('ECONNREFUSED') });
    expect(told.join('')).toMatch(
      /the run was not stored: .*ECONNREFUSED[\s\S]*its record is in reports\/run-a;[\s\S]*proofload push reports\/run-a --store 'postgres:.*'\n$/,
    );
    expect(told.join('') + JSON.stringify(kept)).not.toContain(password);
    expect(openRecord(folder).sampleCount).toBeGreaterThan(0);
    expect([0, 3, 4, 5, 6, 130].map((code) => exitWhenKept(code, kept))).toEqual([2, 3, 4, 5, 6, 130]);
    const later = await openStore('later', { cwd: scratch, cacheFolder: scratch });
    expect([await keepRun(env, later, folder), await keepRun(env, later, folder)]).toEqual([
      { place: 'later', stored: true },
      { place: 'later', stored: true },
    ]);
  });
});
