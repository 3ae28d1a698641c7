import type { GradedFault } from '../faults.ts';
import type { CostFigures, Figure, Integrity, PhaseFigures } from '../types.ts';

/** What indicators read from: all figures of the run. */
export interface IndicatorSource {
  readonly phases: readonly PhaseFigures[];
  readonly faults: readonly GradedFault[];
  readonly cost: CostFigures;
  readonly integrity?: Integrity;
}

/** A value for an objective. `fails`: there is no value because what was asked for did not happen, so the objective fails instead of having no data. */
export interface IndicatorValue {
  readonly figure: Figure;
  readonly fails?: boolean;
}

interface Common {
  /** What objectives call it. */
  readonly name: string;
  /** Unit of its values and so of the criteria. */
  readonly unit: string;
  /** What may follow the name after a colon; absent: nothing may. */
  readonly argument?: string;
  /** One sentence for documentation and errors. */
  readonly meaning: string;
}

/** One measured quantity that objectives may be about; of a phase, or of the run as a whole. One file each, listed in `list.ts`. */
export type Indicator =
  | (Common & { readonly of: 'phase'; read(phase: PhaseFigures, argument: string | undefined): IndicatorValue })
  | (Common & { readonly of: 'run'; read(source: IndicatorSource, argument: string | undefined): IndicatorValue });
