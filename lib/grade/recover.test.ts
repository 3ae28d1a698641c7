import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSyntheticRun } from '../../test/synthetic/run.ts';
import { type Rng, seededRng } from '../core/rng.ts';
import { openRecord } from '../record/reader.ts';
import { assess } from './assess.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-recover-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Log-normal around 40 ms, and every hundredth request a cold start. */
function noisyLatencyMs(rng: Rng): number {
  const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  return 40 * Math.exp(0.5 * normal) + (rng.next() < 0.01 ? 400 : 0);
}

test.each(['throttle', 'stall'] as const)('noise as in the baseline does not move the end of a %s by more than 2 s', (fault) => {
  for (const ratePerSec of [16, 40]) {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const rng = seededRng(seed);
      const path = join(folder, `${ratePerSec}-${seed}`);
      const script = {
        ratePerSec,
        fault,
        lingerSec: 12.5,
        baselineMin: 1,
        faultMin: 2,
        recoveryMin: 1,
        smoke: true,
        seed,
        latencyMs: () => noisyLatencyMs(rng),
      };
      writeSyntheticRun(path, script, { samples: (all) => all.map((each) => (rng.next() < 0.003 ? { ...each, ok: false, status: 500 } : each)) });
      const figure = assess(openRecord(path)).faults[0]!.timeToRecoverSec;
      expect(
        figure.state === 'value' && Math.abs(figure.value - 12.5),
        `${ratePerSec}/s, seed ${seed}: ${JSON.stringify(figure)}`,
      ).toBeLessThanOrEqual(2);
    }
  }
});
