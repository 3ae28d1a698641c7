import type { GradedFault } from '../faults.ts';
import type { CostFigures, Figure, GradeCategory, Integrity, PhaseFigures } from '../types.ts';

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

/** A thing of the exercise that the argument of an indicator names. */
export interface NamedThing {
  readonly what: 'service' | 'resource' | 'fault' | 'invariant';
  readonly name: string;
}

interface Common {
  /** What objectives call it. */
  readonly name: string;
  /** Unit of its values and so of the criteria. */
  readonly unit: string;
  /** What may follow the name after a colon; absent: nothing may. */
  readonly argument?: string;
  /** What the argument names: where the exercise does not have it, there would never be a value. Absent where only the run itself can tell. */
  readonly names?: (argument: string) => readonly NamedThing[];
  /** What the exercise must have one of at least for there to be a value. */
  readonly needs?: 'fault' | 'invariant';
  /** The grade that objectives on it count for, outside of the recovery phase. */
  readonly category: GradeCategory;
  /** One sentence for documentation and errors. */
  readonly meaning: string;
}

/** One measured quantity that objectives may be about; of a phase, or of the run as a whole. One file each, listed in `list.ts`. */
export type Indicator =
  | (Common & { readonly of: 'phase'; read(phase: PhaseFigures, argument: string | undefined): IndicatorValue })
  | (Common & { readonly of: 'run'; read(source: IndicatorSource, argument: string | undefined): IndicatorValue });
