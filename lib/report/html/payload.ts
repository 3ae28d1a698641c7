import type { Charts } from '../../grade/types.ts';
import type { PhaseKind } from '../../record/types.ts';

/** What the page's script reads: the charts and what is drawn behind them. Times are seconds since `startMs`. */
export interface ChartPayload {
  /** Start of the time axis, ms since the epoch. */
  readonly startMs: number;
  /** Length of the time axis, s. */
  readonly lengthSec: number;
  readonly charts: readonly ChartData[];
  readonly bands: BandData;
}

export interface ChartData {
  readonly key: keyof Charts;
  /** Unit of the vertical axis. */
  readonly unit: string;
  readonly series: readonly SeriesData[];
}

export interface SeriesData {
  readonly name: string;
  readonly unit: string;
  /** A figure stands for this many seconds from its time on. */
  readonly resolutionSec: number;
  readonly atSec: readonly number[];
  /** `null` is a gap. */
  readonly values: readonly (number | null)[];
}

export interface BandData {
  readonly phases: readonly { readonly kind: PhaseKind; readonly label: string; readonly fromSec: number; readonly toSec: number }[];
  readonly windows: readonly { readonly of: 'asked' | 'fis' | 'effect'; readonly fault: string; readonly fromSec: number; readonly toSec: number }[];
  /** Minutes that straddle a phase boundary. */
  readonly transitions: readonly { readonly fromSec: number; readonly toSec: number }[];
}
