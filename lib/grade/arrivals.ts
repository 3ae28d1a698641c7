import { arrivalStates } from '../record/layouts.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Window } from '../record/types.ts';
import { Distribution } from '../stats/distribution.ts';
import { noData, quantileFigure } from './figure.ts';
import type { PhaseFigures } from './types.ts';

/** What became of the arrivals that were meant to start inside each window. Lateness is the wall's: how late the generator started a flow. */
export function arrivalFigures(record: RunRecord, windows: readonly Window[]): PhaseFigures['arrivals'][] {
  const { timeScale, imported } = record.manifest;
  const tallies = windows.map(() => ({ planned: 0, started: 0, droppedSystemSlow: 0, droppedGeneratorSlow: 0, latenessUs: new Distribution() }));
  record.forEachArrivalChunk((chunk) => {
    for (let row = 0; row < chunk.count; row++) {
      const atMs = chunk.baseMs + (chunk.intendedUs[row] ?? 0) / 1000;
      const tally = tallies[windows.findIndex((window) => atMs >= window.startMs && atMs < window.endMs)];
      if (!tally) continue;
      tally.planned++;
      const state = chunk.state[row];
      if (state === arrivalStates['system-slow']) tally.droppedSystemSlow++;
      else if (state === arrivalStates['generator-slow']) tally.droppedGeneratorSlow++;
      else {
        tally.started++;
        tally.latenessUs.add(Math.max(0, Math.round((chunk.latenessUs[row] ?? 0) / timeScale)));
      }
    }
  });
  return tallies.map(({ latenessUs, ...counts }) => ({
    ...counts,
    latenessP99Ms: imported ? noData('ms', `the ${imported.format} does not tell when flows were meant to start`) : quantileFigure(latenessUs, 0.99),
  }));
}
