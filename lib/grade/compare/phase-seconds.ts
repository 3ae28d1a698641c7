import type { RunRecord } from '../../record/reader.ts';
import type { Window } from '../../record/types.ts';
import type { RatioSeconds } from '../../stats/seconds.ts';
import { LatencySeconds } from '../../stats/seconds.ts';
import { ByName } from '../by-name.ts';
import { isFailed } from '../clients.ts';

/** Requests of one operation, or of all, by the second of a phase in which they started. */
export interface OperationSeconds {
  readonly latencyUs: LatencySeconds;
  /** Failed over all requests. */
  readonly errors: RatioSeconds;
}

/** What clients saw in one phase, second by second. */
export interface PhaseSeconds {
  readonly seconds: number;
  readonly all: OperationSeconds;
  readonly byOperation: ReadonlyMap<string, OperationSeconds>;
}

/** Reads the samples of each window once. As in the figures of a phase, an answer that was no connection has no latency. */
export function phaseSeconds(record: RunRecord, windows: readonly Window[]): PhaseSeconds[] {
  return windows.map((window) => {
    const seconds = Math.max(0, Math.floor((window.endMs - window.startMs) / 1000));
    const all = emptySeconds(seconds);
    const byOperation = new ByName(() => emptySeconds(seconds));
    record.forEachSampleChunk((chunk) => {
      for (let row = 0; row < chunk.count; row++) {
        const atMs = chunk.baseMs + (chunk.startUs[row] as number) / 1000;
        if (atMs < window.startMs || atMs >= window.endMs) continue;
        const second = Math.floor((atMs - window.startMs) / 1000);
        const durationUs = chunk.durationUs[row] as number;
        const failed = isFailed(chunk, row);
        add(all, second, durationUs, failed);
        add(byOperation.of(chunk.names, chunk.operation[row] as number), second, durationUs, failed);
      }
    }, window);
    return { seconds, all, byOperation: byOperation.values };
  });
}

function emptySeconds(seconds: number): OperationSeconds {
  return { latencyUs: new LatencySeconds(seconds), errors: { numerator: new Float64Array(seconds), denominator: new Float64Array(seconds) } };
}

function add({ latencyUs, errors: { numerator, denominator } }: OperationSeconds, second: number, durationUs: number, failed: boolean): void {
  if (second >= denominator.length) return;
  denominator[second] = (denominator[second] ?? 0) + 1;
  if (failed) numerator[second] = (numerator[second] ?? 0) + 1;
  if (durationUs > 0) latencyUs.add(second, durationUs);
}
