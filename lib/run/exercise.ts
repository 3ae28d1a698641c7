import type { DifferenceKind } from '../grade/compare/differences.ts';
import type { ComparisonSettings } from '../grade/compare/types.ts';
import type { ArrivalProfile } from '../traffic/arrivals.ts';

/** A name of the system's template (a logical id), resolved on the site to its physical name. */
export interface ResourceReference {
  readonly resource: string;
}

/** Points at a resource of the system by its logical id in the template. */
export function resource(logicalId: string): ResourceReference {
  return { resource: logicalId };
}

/** One flow and how often it starts. */
export interface FlowTraffic {
  /** What reports call it. */
  readonly name: string;
  /** The k6 script, relative to the exercise file. */
  readonly flow: string;
  /** Name of the template's output that holds the front door's URL; the flow gets it as `__ENV.BASE_URL`. */
  readonly frontDoor: string;
  readonly arrivals: ArrivalProfile;
  /** Longest time that one pass of the flow may take, its time-outs and think times included; virtual users are planned for it. */
  readonly longestFlowSec: number;
  /** About how many requests one pass makes; only the cost estimate before the run rests on it. */
  readonly requestsPerFlow: number;
  /** About how many state transitions of Standard workflows one pass causes; likewise. Without effect in a system that has none. */
  readonly transitionsPerFlow?: number;
  /** Further `__ENV` entries of the flow. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A fault that runs in the fault phase. */
export interface FaultUse {
  /** A name (`lambda-throttle`: `chaos/lambda-throttle.yaml` of the folder, then of proofload) or a path relative to the exercise file. */
  readonly use: string;
  /** How long it lasts; the template's parameter `DurationSeconds`. */
  readonly durationSec: number;
  /** The template's other parameters. */
  readonly parameters: Readonly<Record<string, string | number | ResourceReference>>;
}

export interface PhaseLengths {
  /** Traffic before anything is graded, at least; it goes on until a whole clock minute starts. */
  readonly warmUpSec: number;
  readonly baselineMin: number;
  /** After the fault; 0 in an exercise without one. */
  readonly recoveryMin: number;
}

/** A limit on harm, watched each second: when it is passed, the traffic stops and the faults are undone. */
export interface Guard {
  /** `error_rate` or a quantile of latency (`latency_p99`), of all operations or of one (`latency_p99:place-order`). */
  readonly sli: string;
  /** The limit: percent of the requests, or ms. */
  readonly above: number;
  /** Over how many of the last seconds; default 10. */
  readonly overSec?: number;
}

/** What a setting (`--setting gate`) changes of an exercise. */
export type ExerciseSetting = Partial<Pick<Exercise, 'smoke' | 'phases' | 'traffic' | 'faults' | 'guards' | 'objectives' | 'drainLimitSec'>>;

/** The run file: system + traffic + phases + faults + objectives + invariants. Paths are relative to the file that declares it. */
export interface Exercise {
  readonly name: string;
  /** What is expected to hold, in a sentence; the report's first line. */
  readonly hypothesis: string;
  /** The system's SAM/CloudFormation template. */
  readonly system: string;
  /** Name of the system's stack on the site; default: from the template's path (`checkout-sync`). */
  readonly stack?: string;
  /** A module that exports `generate` and `seed`; see docs/adding-a-scenario.md. */
  readonly data?: string;
  readonly traffic: readonly FlowTraffic[];
  readonly phases: PhaseLengths;
  readonly faults?: readonly FaultUse[];
  /** Limits on harm; a run that passes one is stopped, undone, and ends with exit code 5. */
  readonly guards?: readonly Guard[];
  /** A module that exports `invariants`, and may export `quiet`: what must hold of the system's own data after the run. */
  readonly invariants?: string;
  /** How long, in the site's seconds after the traffic, `quiet` of the invariants' module is waited for; default 60. */
  readonly drainLimitSec?: number;
  /** Keptn's SLO grammar; see docs/objectives.md. */
  readonly objectives: unknown;
  /** In what a run may differ from the one that it is compared with, beside code and seed; see docs/objectives.md. */
  readonly mayDiffer?: readonly DifferenceKind[];
  /** How `gate` and `compare` hold a run against another; see docs/gates.md. */
  readonly gate?: Partial<ComparisonSettings>;
  /** The operation whose successes are the business transactions, for cost per thousand. */
  readonly businessTransaction: { readonly name: string; readonly operation: string };
  /** One whole graded minute a phase is enough, and the verdict says so. */
  readonly smoke?: boolean;
  readonly settings?: Readonly<Record<string, ExerciseSetting>>;
}

/** Declares an exercise; it only gives the type, so that mistakes show where they are made. */
export function defineExercise(exercise: Exercise): Exercise {
  return exercise;
}
