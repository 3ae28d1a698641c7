import type { SourceState } from '../../record/types.ts';
import type { ObjectiveResult, Verdict } from '../types.ts';
import type { Difference } from './differences.ts';

/** How runs are compared; what an exercise may set under `gate`. */
export interface ComparisonSettings {
  /** Probability of a false alarm over all objectives together; default 0.05. */
  readonly significance: number;
  /** A change up to this is no deterioration, in percent of the reference; default 5. */
  readonly toleratePercent: number;
  /** More failed requests up to this are no deterioration either, in percentage points; default 0.1. */
  readonly tolerateErrorPoints: number;
  /** A deterioration of this size must have been seen with probability 0.95, or the comparison cannot tell; in percent, default 100. */
  readonly mustDetectPercent: number;
}

/** One run of a comparison. */
export interface ComparedRun {
  readonly runId: string;
  readonly startedMs: number;
  readonly verdict: Verdict;
  readonly source?: SourceState;
}

/** What became of one figure of samples, with what is known of its error. */
export interface ComparedFigure {
  readonly unit: string;
  readonly reference: number;
  readonly candidate: number;
  /** The change in percent of the reference and its 95 % confidence interval; absent where the reference is 0, a bound also where the samples hold none. */
  readonly changePercent?: number;
  readonly low?: number;
  readonly high?: number;
  /** Probability of a deterioration like this one, or a larger one, where nothing got worse by more than what is tolerated. */
  readonly pValue: number;
  /** The smallest deterioration that would have been found with probability 0.95 among the objectives that are tested together, in percent; null where none would, however large; absent where the reference is 0. */
  readonly detectablePercent?: number | null;
}

/** One objective of both runs against each other. */
export interface ComparedObjective {
  readonly sli: string;
  readonly displayName: string;
  readonly phase: ObjectiveResult['phase'];
  /** `informs`: one value a run, which no test can be held against; relative criteria judge it. */
  readonly decision: 'worse' | 'not-worse' | 'cannot-tell' | 'informs';
  /** Why there is no figure, or why nothing can be told. */
  readonly reason?: string;
  readonly figure?: ComparedFigure;
  /** The p value after Holm's correction for the number of objectives. */
  readonly adjustedP?: number;
  /** Of what got worse over all operations: the operations by how far they moved, the furthest first. */
  readonly operations?: readonly (ComparedFigure & { readonly operation: string })[];
}

/** Whether a system got worse between two runs. */
export interface Comparison {
  readonly exercise: string;
  readonly reference: ComparedRun;
  readonly candidate: ComparedRun;
  readonly settings: ComparisonSettings;
  readonly differences: readonly Difference[];
  readonly objectives: readonly ComparedObjective[];
  readonly verdict: 'pass' | 'fail' | 'invalid' | 'no-data';
  /** Why, in sentences, the deciding one first. */
  readonly reasons: readonly string[];
}
