import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../lib/record/history/open-store.ts';
import { noteGate } from '../lib/record/history/run-folder.ts';
import { acceptedLastFirst, type RecordStore } from '../lib/record/history/store.ts';
import { openRecord } from '../lib/record/reader.ts';
import type { Manifest } from '../lib/record/types.ts';
import { defaultScript, manifestOf, writeSyntheticRun } from './synthetic/run.ts';

const base = manifestOf(defaultScript);

/** A run of this machine with little in it. */
function made(scratch: string, runId: string, day: number, more: Partial<Manifest> = {}): string {
  const folder = join(scratch, 'made', runId);
  const script = { ratePerSec: 1, warmUpSec: 0, baselineMin: 1, faultMin: 0, fault: 'nothing' } as const;
  writeSyntheticRun(folder, script, { manifest: { ...base, runId, startedMs: base.startedMs + day * 86_400_000, ...more } });
  return folder;
}

const idsOf = async (store: RecordStore, exercise?: string): Promise<string[]> => (await store.list(exercise)).runs.map(({ runId }) => runId);

/** What holds of every kind of store. `start` gives the place of an empty one, as a user names it. */
export function storeContract(kind: string, start: () => Promise<string>): void {
  describe(`a store: ${kind}`, () => {
    const scratch = mkdtempSync(join(tmpdir(), 'proofload-store-'));
    const runs = { old: '', new: '', other: '' };
    let place = '';
    const open = (): Promise<RecordStore> => openStore(place, { cwd: scratch, cacheFolder: join(scratch, 'cache', kind) });
    let store: RecordStore;
    beforeAll(async () => {
      place = await start();
      store = await open();
      runs.old = made(scratch, 'run-old', 1);
      runs.new = made(scratch, 'run-new', 2, { setting: 'gate' });
      noteGate(runs.new, { against: 'run-old', verdict: 'fail' });
      runs.other = made(scratch, 'run-other', 3, { exercise: 'checkout/other one' });
    });
    afterAll(async () => {
      await store.close();
      rmSync(scratch, { recursive: true });
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
      expect(found.gated).toEqual({ against: 'run-old', verdict: 'fail' });
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
      const newer = made(scratch, `newer-${kind}`, 4, { recordVersion: 99 });
      await expect(store.put(newer)).rejects.toThrow(expect.objectContaining({ code: 'record-newer' }));
      const running = made(scratch, `running-${kind}`, 4);
      writeFileSync(join(running, 'record/journal.jsonl'), '');
      await expect(store.put(running)).rejects.toThrow(expect.objectContaining({ code: 'record-unfinished' }));
      expect((await idsOf(store)).length).toBe(3);
    });

    it('takes one run from several at once', async () => {
      const stores = await Promise.all([open(), open(), open()]);
      const folder = made(scratch, `raced-${kind}`, 0, { exercise: 'checkout/raced' });
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
      const references = await Promise.all(
        [store, ...stores].map(async (each) => acceptedLastFirst((await each.list(base.exercise)).runs)[0]?.runId),
      );
      expect(new Set(references)).toEqual(new Set(['run-old']));
      await store.accept('run-new', { atMs: 6.5, reason: 'again' });
      const [reference] = acceptedLastFirst((await stores[0]!.list(base.exercise)).runs);
      expect([reference?.runId, reference?.acceptance]).toEqual(['run-new', { atMs: 6.5, reason: 'again' }]);
      expect((await store.find('run-new'))?.acceptance?.reason).toBe('again');
      await Promise.all(stores.map((each) => each.close()));
    });
  });
}
