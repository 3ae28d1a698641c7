import type { Manifest, PhaseKind } from '../types.ts';

/** Version of `summary.json`'s layout; it can be made again from the record, so another version only means that it is. */
export const summaryVersion = 1;

/** What one objective came to in a run. */
export interface SummaryFigure {
  /** The indicator with its argument, such as `latency_p99:place-order`. */
  readonly sli: string;
  readonly phase: PhaseKind | 'run';
  readonly unit: string;
  /** Absent where there was no data. */
  readonly value?: number;
  readonly status: 'pass' | 'warning' | 'fail' | 'no-data' | 'info';
}

/** What a history needs of a run, so that it need not read the samples again; `summary.json` beside the record. */
export interface RunSummary extends Pick<Manifest, 'runId' | 'exercise' | 'setting' | 'site' | 'timeScale' | 'source' | 'startedMs'> {
  readonly summaryVersion: typeof summaryVersion;
  readonly verdict: 'pass' | 'warning' | 'fail' | 'invalid' | 'no-data';
  /** The first reason of the verdict. */
  readonly reason: string;
  readonly scorePercent: number;
  readonly figures: readonly SummaryFigure[];
}

/** What a gate said of a run, and against which; `gated.json` beside the record. */
export interface GateOutcome {
  readonly against: string;
  readonly verdict: 'pass' | 'fail' | 'invalid' | 'no-data';
}

/** Why and when somebody made a run the reference of its exercise; `accepted.json` beside the record. */
export interface Acceptance {
  readonly atMs: number;
  readonly reason: string;
}
