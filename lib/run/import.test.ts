import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { virtualClock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import { seededRng } from '../core/rng.ts';
import { folderStore } from '../record/history/folder-store.ts';
import { importResults } from './import.ts';

let folder: string;
let imports = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const silent = { write: () => {}, isTTY: false, columns: 80 };

function importing(text: string, more: { warmUpSec?: number } = {}) {
  writeFileSync(join(folder, 'results'), text);
  const env: Env = {
    ...{ args: [], env: {}, cwd: folder, stdout: silent, stderr: silent, clock: virtualClock(), rng: seededRng(`import ${imports++}`) },
    ...{ onSignal: () => () => {}, onStray: () => () => {}, exitNow: () => {} },
  };
  const store = folderStore(join(folder, 'reports'));
  return importResults({ file: 'results', exercise: 'shop/import', objectives: undefined, warmUpSec: 0, env, store, ...more });
}

/** `count` requests of 20 ms, one a second; the first tells of a slow start. */
function csv(count: number): string {
  const row = (metric: string, second: number, value: number): string => `${metric},${1_795_539_280 + second}000,${value},browse,200,,true,shop\n`;
  const rows = Array.from(
    { length: count },
    (_, second) => row('http_req_duration', second, second === 0 ? 900 : 20) + row('http_req_receiving', second, 1),
  );
  return `metric_name,timestamp,metric_value,name,status,error_code,expected_response,scenario\n${rows.join('')}`;
}

it('leaves a warm-up out of what is graded', async () => {
  const whole = await importing(csv(60));
  const cut = await importing(csv(60), { warmUpSec: 10 });
  const baseline = ({ assessment }: typeof whole) => assessment.phases.find(({ phase }) => phase === 'baseline');
  expect([baseline(whole)?.requests, baseline(cut)?.requests]).toEqual([60, 50]);
  expect([baseline(whole)?.latency.max, baseline(cut)?.latency.max]).toMatchObject([
    { value: expect.closeTo(900, 0) },
    { value: expect.closeTo(20, 0) },
  ]);
});

it('refuses a warm-up that leaves nothing or cannot be cut, and keeps no folder', async () => {
  await expect(importing(csv(5), { warmUpSec: 60 })).rejects.toThrow('a warm-up of 60 s leaves nothing');
  const summary = JSON.stringify({ metrics: { http_reqs: { count: 20, rate: 2 } } });
  await expect(importing(summary, { warmUpSec: 5 })).rejects.toThrow('cannot be cut');
  expect(existsSync(join(folder, 'reports')) ? readdirSync(join(folder, 'reports')) : []).toEqual([]);
});

it('warns of a file that is cut off, and grades what is there', async () => {
  const { assessment } = await importing(csv(30).slice(0, -5));
  expect(assessment.warnings).toContainEqual(
    expect.objectContaining({ code: 'record-cut-off', message: expect.stringContaining('ends within a line') }),
  );
  expect(assessment.phases[0]?.requests).toBe(29);
});

it('fails a run whose own thresholds were crossed', async () => {
  const metrics = { http_reqs: { count: 2_000, rate: 20 }, http_req_failed: { value: 0.1, thresholds: { 'rate<0.01': true } } };
  const { assessment } = await importing(JSON.stringify({ metrics }));
  expect(assessment).toMatchObject({ verdict: 'fail', exitCode: 3 });
  expect(assessment.reasons.join('\n')).toContain('http_req_failed: rate<0.01');
});
