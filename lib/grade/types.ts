import type { Manifest, Phase, PhaseKind, ResourceConfiguration, Warning, Window } from '../record/types.ts';

/** A measured number, or the reason why there is none: absent is never 0 and never a pass. */
export type Figure =
  | {
      readonly state: 'value';
      readonly value: number;
      readonly unit: string;
      readonly source: FigureSource;
      readonly resolutionSec: number;
      readonly samples?: number;
    }
  | { readonly state: 'no-data'; readonly unit: string; readonly reason: string };

/** Who says so: the clients' samples, CloudWatch, FIS or SSM states, a price list over usage, the system's own data, a file of somebody else's figures; `inferred` where AWS would not tell. */
export type FigureSource = 'client' | 'cloudwatch' | 'fis' | 'ssm' | 'price-list' | 'system' | 'imported' | 'inferred';

export type Verdict = 'pass' | 'warning' | 'fail' | 'invalid' | 'no-data';

/** What one phase showed. Latencies in ms over all operations and by operation. */
export interface PhaseFigures {
  readonly phase: PhaseKind;
  readonly window: Window;
  /** The whole clock minutes on which CloudWatch figures grade it; empty when there is none. */
  readonly gradedMinutes: readonly number[];
  readonly graded: boolean;
  readonly requests: number;
  readonly ratePerSec: Figure;
  readonly errorRate: Figure;
  readonly latency: LatencyFigures;
  readonly operations: readonly OperationFigures[];
  readonly errors: readonly { readonly kind: string; readonly operation: string; readonly count: number }[];
  readonly throttles: readonly ThrottleFigure[];
  readonly arrivals: {
    readonly planned: number;
    readonly started: number;
    readonly droppedSystemSlow: number;
    readonly droppedGeneratorSlow: number;
    readonly latenessP99Ms: Figure;
  };
}

export interface LatencyFigures {
  readonly p50: Figure;
  readonly p90: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
  readonly max: Figure;
}

export interface OperationFigures {
  readonly operation: string;
  readonly requests: number;
  readonly errorRate: Figure;
  readonly latency: LatencyFigures;
}

/** Refusals for want of capacity. `reason` is AWS's where AWS tells, else the metric's name, marked by `source`. */
export interface ThrottleFigure {
  readonly service: string;
  readonly resource: string;
  readonly reason: string;
  readonly count: Figure;
}

/** What a fault did and how the system came back. */
export interface FaultFigures {
  readonly fault: string;
  readonly resource: string;
  readonly description: string;
  readonly windows: { readonly asked?: Window; readonly fis?: Window; readonly effect?: Window };
  readonly probe: { readonly name: string; readonly observed: boolean; readonly value: Figure };
  readonly undo: readonly { readonly resource: string; readonly outcome: string; readonly detail: string; readonly command?: string }[];
  /** From the end of the effect until clients saw the baseline again. */
  readonly timeToRecoverSec: Figure;
  readonly recoveryRule: string;
}

export interface CostFigures {
  /** Of the system and of the run's own tools. */
  readonly totalUsd: Figure;
  readonly systemUsd: Figure;
  /** What the run itself cost: FIS, Automation, CloudWatch. */
  readonly instrumentsUsd: Figure;
  /** Of the system. */
  readonly perThousandUsd: Figure;
  /** Of the system, a month at the baseline's rate, with the items behind it. */
  readonly monthUsd: Figure;
  readonly month: readonly CostItem[];
  readonly phases: readonly PhaseCost[];
  /** Absent in a run without a fault phase. */
  readonly fault?: FaultCost;
  readonly reasons: readonly CostReason[];
  readonly transaction: string;
  readonly transactions: number;
  readonly items: readonly CostItem[];
  /** Resources and dimensions without a price or without usage: their cost is not known, and the total says "at least". */
  readonly unpriced: readonly string[];
  /** What AWS bills and nothing tells, by name: the total says "at least" for it, too. */
  readonly untold: readonly string[];
  readonly currencyNote: string;
}

/** The system's cost over the whole clock minutes of a graded phase. */
export interface PhaseCost {
  readonly phase: PhaseKind;
  readonly minutes: number;
  readonly usd: Figure;
  readonly transactions: number;
  readonly perThousandUsd: Figure;
}

/** Cost of the fault phase beyond what as many transactions cost in the baseline, and by resource and dimension, the largest change first. */
export interface FaultCost {
  readonly extraUsd: Figure;
  readonly items: readonly { readonly resource: string; readonly dimension: string; readonly usd: number }[];
}

/** Money that went into no transaction. */
export interface CostReason {
  readonly reason: 'retries' | 'cold starts' | 'idle pollers' | 'throttled attempts' | 'unused capacity';
  readonly resource: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
  /** Whether the total has it; what is inferred beside CloudWatch is not in it. */
  readonly inTotal: boolean;
  readonly what: string;
}

export interface CostItem {
  readonly resource: string;
  readonly dimension: string;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPriceUsd: number;
  readonly usd: number;
  readonly source: string;
}

/** One objective against one phase, in Keptn's words; `run` for what has one value a run (time to recover, cost per thousand). */
export interface ObjectiveResult {
  readonly sli: string;
  readonly displayName: string;
  readonly phase: PhaseKind | 'run';
  readonly value: Figure;
  readonly pass: readonly CriterionResult[];
  readonly warning: readonly CriterionResult[];
  readonly weight: number;
  readonly keySli: boolean;
  readonly status: 'pass' | 'warning' | 'fail' | 'no-data' | 'info';
  readonly score: number;
}

export interface CriterionResult {
  readonly criterion: string;
  readonly met: boolean;
  /** Of a relative criterion: what earlier runs had; null where there was none to compare with, and the criterion is met by rule. */
  readonly earlier?: number | null;
  /** Of a relative criterion with an earlier value: what was asked of the value. */
  readonly target?: number;
}

/** What was found of one invariant in the system's own data. */
export interface InvariantFigures {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly holds: string;
  readonly state: 'holds' | 'violated' | 'no-data';
  /** How many things were looked at. */
  readonly checked: number;
  readonly violations: number;
  /** The first violations, as many as the record keeps. */
  readonly examples: readonly { readonly id: string; readonly detail: string }[];
  /** Why it was not checked. */
  readonly reason?: string;
}

/** The invariants of a run, and whether the system was quiet when they were checked; `drained` is null where the run ended before. */
export interface Integrity {
  readonly invariants: readonly InvariantFigures[];
  readonly drained: { readonly waitedMs: number; readonly quiet: boolean; readonly detail?: string } | null;
}

/** Two counts of one thing from two sources; `agree` is false when the books do not balance. */
export interface BookLine {
  readonly what: string;
  readonly left: { readonly source: string; readonly count: number };
  readonly right: { readonly source: string; readonly count: number };
  readonly agree: boolean;
}

/** Series for the charts, on the site's time; `null` is a gap, never 0. */
export interface ChartSeries {
  readonly name: string;
  readonly unit: string;
  readonly source: FigureSource;
  readonly resolutionSec: number;
  readonly points: readonly { readonly atMs: number; readonly value: number | null }[];
}

export interface Charts {
  readonly rate: readonly ChartSeries[];
  readonly latency: readonly ChartSeries[];
  readonly errors: readonly ChartSeries[];
  readonly throttles: readonly ChartSeries[];
  readonly concurrency: readonly ChartSeries[];
}

/** How many requests took how long, over time. */
export interface HeatMap {
  readonly startMs: number;
  /** What a column spans: the requests that started in it. */
  readonly columnSec: number;
  /** The lower edge of each row, ascending, and the upper one of the last: each row is as many times its lower edge high as any other. */
  readonly edgesMs: readonly number[];
  /** Of each column, how many requests fell into each row. */
  readonly counts: readonly (readonly number[])[];
}

export interface TimelineEntry {
  readonly atMs: number;
  readonly kind: string;
  readonly text: string;
}

/** What a run is graded in. */
export type GradeCategory = 'latency' | 'throttling' | 'cost' | 'recovery' | 'integrity';

/** How well one side of the system did, by the objectives that are about it. */
export interface Grade {
  readonly category: GradeCategory;
  /** Absent where nothing was asked, or something that was asked is not known. */
  readonly letter?: GradeLetter;
  /** Share of the weight that was reached, in percent; absent without a letter. */
  readonly percent?: number;
  /** The rule that gave the letter, or why there is none. */
  readonly rule: string;
  /** The objectives behind it, as indices into the assessment's; empty for integrity, which the invariants decide. */
  readonly objectives: readonly number[];
}

export type GradeLetter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** Everything that a report shows, derived from the record alone and derivable again. */
export interface Assessment {
  readonly manifest: Manifest;
  readonly verdict: Verdict;
  /** Why, in sentences, the deciding one first. */
  readonly reasons: readonly string[];
  /** Account and region, or "in the lab: N documented, M assumed numbers". */
  readonly scope: string;
  readonly score: { readonly achieved: number; readonly maximum: number; readonly percent: number };
  readonly exitCode: number;
  readonly phases: readonly PhaseFigures[];
  readonly phaseWindows: readonly Phase[];
  /** One for each side of the system, in a fixed order. */
  readonly grades: readonly Grade[];
  readonly objectives: readonly ObjectiveResult[];
  /** The earlier runs that relative criteria were held against; absent where there is no such criterion. */
  readonly comparedWith?: readonly string[];
  /** Absent in a run without invariants. */
  readonly integrity?: Integrity;
  readonly faults: readonly FaultFigures[];
  readonly cost: CostFigures;
  readonly books: readonly BookLine[];
  readonly charts: Charts;
  /** Of the clients' latencies; absent where no sample tells any. */
  readonly heatMap?: HeatMap;
  /** Minutes (starts) on a phase boundary: drawn, never graded. */
  readonly transitionMinutes: readonly number[];
  readonly timeline: readonly TimelineEntry[];
  /** Functions, tables and so on with the configuration that the run found, for the reader of the report. */
  readonly resources?: readonly ResourceConfiguration[];
  readonly warnings: readonly Warning[];
}
