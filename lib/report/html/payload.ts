import type { Charts } from '../../grade/types.ts';
import type { PhaseKind } from '../../record/types.ts';

/** What the page's script reads: the charts and what is drawn behind them. Times are seconds since `startMs`. */
export interface ChartPayload {
  /** Start of the time axis, ms since the epoch. */
  readonly startMs: number;
  /** Length of the time axis, s. */
  readonly lengthSec: number;
  readonly charts: readonly ChartData[];
  readonly heatMap?: HeatMapData;
  readonly bands: BandData;
}

export interface ChartData {
  readonly key: keyof Charts;
  /** Unit of the vertical axis. */
  readonly unit: string;
  readonly series: readonly SeriesData[];
  /** Indices of series, the lower and the upper, between which the chart is shaded. */
  readonly shaded: readonly (readonly [number, number])[];
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

export interface HeatMapData {
  /** Where the first column starts on the time axis. */
  readonly fromSec: number;
  readonly columnSec: number;
  /** The lower edge of each row, ascending, and the upper one of the last. */
  readonly edgesMs: readonly number[];
  /** Of each column: its first row that has requests, then the counts from there up to the last such row; nothing of a column without any. */
  readonly columns: readonly (readonly number[])[];
  /** From which count on a cell has which colour, ascending from 1. */
  readonly steps: readonly HeatStep[];
}

export interface HeatStep {
  readonly from: number;
  /** Number of the colour. */
  readonly colour: number;
}

export interface BandData {
  readonly phases: readonly { readonly kind: PhaseKind; readonly label: string; readonly fromSec: number; readonly toSec: number }[];
  readonly windows: readonly { readonly of: 'asked' | 'fis' | 'effect'; readonly fault: string; readonly fromSec: number; readonly toSec: number }[];
  /** Minutes that straddle a phase boundary. */
  readonly transitions: readonly { readonly fromSec: number; readonly toSec: number }[];
}
