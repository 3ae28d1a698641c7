import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../lib/record/history/open-store.ts';
import { acceptedLastFirst, type RecordStore } from '../../lib/record/history/store.ts';
import { openRecord } from '../../lib/record/reader.ts';
import type { Manifest } from '../../lib/record/types.ts';
import { defaultScript, manifestOf, writeSyntheticRun } from '../synthetic/run.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const scratch = mkdtempSync(join(tmpdir(), 'proofload-stores-'));
const password = 'p#ss w0rd';

/** Where each kind of store is, as a user names it; what it takes is started by the first test of the kind. */
const places: Record<string, () => Promise<string>> = {
  folder: async () => 'kept',
  s3: startS3,
  postgres: startPostgres,
};

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(scratch, { recursive: true });
});

async function startS3(): Promise<string> {
  const lab = await startTestLab();
  closing.push(() => lab.stop());
  const client = new S3Client({ region: 'us-east-1', endpoint: lab.endpoint, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'acme-runs' }));
  client.destroy();
  // As a pipeline gives them to every AWS SDK.
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  return `s3://acme-runs/team/a?region=us-east-1&endpoint=${lab.endpoint}`;
}

async function startPostgres(): Promise<string> {
  const db = await PGlite.create();
  const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 4 });
  await server.start();
  closing.push(
    () => db.close(),
    () => server.stop(),
  );
  return `postgres://postgres:${encodeURIComponent(password)}@${server.getServerConn()}/postgres?sslmode=disable`;
}

const base = manifestOf(defaultScript);

/** A run of this machine with little in it. */
function made(runId: string, day: number, more: Partial<Manifest> = {}): string {
  const folder = join(scratch, 'made', runId);
  const script = { ratePerSec: 1, warmUpSec: 0, baselineMin: 1, faultMin: 0, fault: 'nothing' } as const;
  writeSyntheticRun(folder, script, { manifest: { ...base, runId, startedMs: base.startedMs + day * 86_400_000, ...more } });
  return folder;
}

const runs = { old: '', new: '', other: '' };
beforeAll(() => {
  runs.old = made('run-old', 1);
  runs.new = made('run-new', 2, { setting: 'gate' });
  runs.other = made('run-other', 3, { exercise: 'checkout/other one' });
});

const idsOf = async (store: RecordStore, exercise?: string): Promise<string[]> => (await store.list(exercise)).runs.map(({ runId }) => runId);

describe.each(Object.entries(places))('a store: %s', (kind, start) => {
  let place = '';
  const open = (): Promise<RecordStore> => openStore(place, { cwd: scratch, cacheFolder: join(scratch, 'cache', kind) });
  let store: RecordStore;
  beforeAll(async () => {
    place = await start();
    store = await open();
    closing.push(() => store.close());
  });

  it('that holds nothing lists nothing, and accepts nothing', async () => {
    await store.reach();
    expect(await store.list()).toEqual({ runs: [], skipped: [] });
    expect(await store.find('run-old')).toBeUndefined();
    await expect(store.accept('run-old', { atMs: 1, reason: 'none' })).rejects.toThrow(expect.objectContaining({ code: 'no-run' }));
  });

  it('takes runs whole, once, and lists those of an exercise newest first', async () => {
    expect(await Promise.all([store.put(runs.old), store.put(runs.other)])).toEqual(['stored', 'stored']);
    expect(await store.put(runs.new)).toBe('stored');
    expect(await store.put(runs.new)).toBe('already-there');
    expect(await idsOf(store, base.exercise)).toEqual(['run-new', 'run-old']);
    expect(await idsOf(store, 'checkout/other one')).toEqual(['run-other']);
    expect(await idsOf(store)).toEqual(['run-other', 'run-new', 'run-old']);
    expect(await idsOf(store, 'checkout')).toEqual([]);
  });

  it('gives back what it took, to others too', async () => {
    const reader = await open();
    const found = (await reader.find('run-new'))!;
    const [taken, given] = [openRecord(runs.new), openRecord(await found.open())];
    expect(found.manifest).toEqual(taken.manifest);
    expect(found.fingerprint()).toEqual({ manifest: taken.manifest, plan: taken.plan, resources: taken.resources });
    const fields = (record: typeof taken) => ({
      ...record,
      folder: '',
      prices: '',
      phases: record.phases(),
      forEachSampleChunk: '',
      forEachArrivalChunk: '',
    });
    expect(fields(given)).toEqual(fields(taken));
    const samples = readFileSync(join(await found.open(), 'record/samples/0000.bin'));
    expect(samples.equals(readFileSync(join(runs.new, 'record/samples/0000.bin')))).toBe(true);
    await reader.close();
  });

  it('never changes a record: another one of the same run is refused', async () => {
    const forged = join(scratch, `forged-${kind}`);
    cpSync(runs.old, forged, { recursive: true });
    writeFileSync(join(forged, 'record/metrics.jsonl'), '');
    await expect(store.put(forged)).rejects.toThrow(expect.objectContaining({ code: 'record-exists' }));
    expect(await store.put(runs.old)).toBe('already-there');
  });

  it('refuses the record of a newer version, and one that has no end', async () => {
    const newer = made(`newer-${kind}`, 4, { recordVersion: 99 });
    await expect(store.put(newer)).rejects.toThrow(expect.objectContaining({ code: 'record-newer' }));
    const running = made(`running-${kind}`, 4);
    writeFileSync(join(running, 'record/journal.jsonl'), '');
    await expect(store.put(running)).rejects.toThrow(expect.objectContaining({ code: 'record-unfinished' }));
    expect((await idsOf(store)).length).toBe(3);
  });

  it('takes one run from several at once', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const folder = made(`raced-${kind}`, 0, { exercise: 'checkout/raced' });
    const outcomes = await Promise.all(stores.map((each) => each.put(folder)));
    expect(outcomes.sort()).toEqual(['already-there', 'already-there', 'stored']);
    expect(await idsOf(store, 'checkout/raced')).toEqual([`raced-${kind}`]);
    await Promise.all(stores.map((each) => each.close()));
  });

  it('ends with one reference where several are accepted at once, the same for all readers', async () => {
    const stores = await Promise.all([open(), open()]);
    await Promise.all([
      stores[0]!.accept('run-old', { atMs: 5, reason: 'the old one' }),
      stores[1]!.accept('run-new', { atMs: 5, reason: 'the new one' }),
    ]);
    const references = await Promise.all([store, ...stores].map(async (each) => acceptedLastFirst((await each.list(base.exercise)).runs)[0]?.runId));
    expect(new Set(references)).toEqual(new Set(['run-old']));
    await store.accept('run-new', { atMs: 6.5, reason: 'again' });
    const [reference] = acceptedLastFirst((await stores[0]!.list(base.exercise)).runs);
    expect([reference?.runId, reference?.acceptance]).toEqual(['run-new', { atMs: 6.5, reason: 'again' }]);
    expect((await store.find('run-new'))?.acceptance?.reason).toBe('again');
    await Promise.all(stores.map((each) => each.close()));
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

  it('names a bucket that is not there, and what to do', async () => {
    const store = await opened((await places['s3']!()).replace('acme-runs', 'nobodys'));
    await expect(store.reach()).rejects.toThrow(
      expect.objectContaining({ code: 'store-failed', hint: expect.stringContaining('create the bucket nobodys') }),
    );
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
