/** Version of the record's layout; a reader refuses newer ones by name and reads all older ones. */
export const recordVersion = 1;

export type PhaseKind = 'warm-up' | 'baseline' | 'fault' | 'recovery';

/** One HTTP request (or one bus operation) as a client saw it. Times are the site's, durations the wall's. */
export interface Sample {
  /** When the request started, ms since the epoch. */
  readonly startMs: number;
  /** From wanting a connection to the last byte: includes connecting and waiting for a connection. */
  readonly durationMs: number;
  /** What the flow calls the request: its `name` tag. */
  readonly operation: string;
  /** HTTP status; 0 when no response came. */
  readonly status: number;
  /** '' where a response came; else the client's word for what failed: `timeout`, `connection-refused`, `connection-reset`, ... */
  readonly error: string;
  /** False where the flow said the response was not what it must be (k6: `expected_response` false). */
  readonly ok: boolean;
  /** 0 where the generator does not tell it of each request (k6 counts by the pass): no figure is made of it. */
  readonly bytesReceived: number;
}

/** One start of a flow, or one that should have started and did not. */
export interface Arrival {
  readonly flow: string;
  /** When the arrival profile meant it to start. */
  readonly intendedMs: number;
  /** When it did; absent for a dropped one. */
  readonly startMs?: number;
  readonly durationMs?: number;
  /** Present for a dropped arrival: the system held every virtual user, or the generator could not keep up. */
  readonly dropped?: 'system-slow' | 'generator-slow';
}

/** Health of the generator's machine and of `run` itself, about once a second. */
export interface Health {
  readonly atMs: number;
  /** Share of one core that the generator used, 0..n cores. */
  readonly generatorCpu: number;
  /** Share of the machine's cores in use, 0..1. */
  readonly machineCpu: number;
  /** Event-loop lag of `run`, ms. */
  readonly lagMs: number;
}

/** A span of the site's time. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** What happened in a run, in order; one JSON line each in `record/journal.jsonl`. */
export type JournalEvent =
  | { at: number; kind: 'run-started'; runId: string; exercise: string }
  | { at: number; kind: 'phase-started'; phase: PhaseKind; plannedEndMs: number }
  | { at: number; kind: 'phase-ended'; phase: PhaseKind }
  | { at: number; kind: 'undo-registered'; fault: string; resource: string; setting: string; found: string; set: string; place: string }
  | { at: number; kind: 'fault-started'; fault: string; experimentId: string }
  | { at: number; kind: 'fault-state'; fault: string; state: string; reason?: string }
  /** Of a fault, three windows: what was asked for, what FIS says, when the steps applied and restored. */
  | { at: number; kind: 'fault-window'; fault: string; of: 'asked' | 'fis' | 'effect'; window: Window; source: string }
  | { at: number; kind: 'fault-step'; fault: string; step: string; state: string; startMs?: number; endMs?: number }
  | {
      at: number;
      kind: 'undo';
      fault: string;
      resource: string;
      outcome: 'restored' | 'already-restored' | 'changed-by-other' | 'failed';
      detail: string;
      command?: string;
    }
  | { at: number; kind: 'alarm'; name: string; state: string; reason: string }
  | { at: number; kind: 'traffic-started'; flow: string; generator: string }
  /** `requests`: how many the generator itself counted (k6: `http_reqs`), for the books. */
  | { at: number; kind: 'traffic-ended'; flow: string; exitCode: number | null; detail: string; thresholdsCrossed?: string[]; requests?: number }
  /** `quiet`: nothing was open any more, as far as the run can tell; `detail` says why not. */
  | { at: number; kind: 'drained'; waitedMs: number; quiet: boolean; detail?: string }
  /** What was found of one invariant. `violated` counts all, `violations` keeps the first ones; `unchecked` says why nothing could be found out. */
  | {
      at: number;
      kind: 'invariant';
      name: string;
      holds: string;
      checked: number;
      violated: number;
      violations: { id: string; detail: string }[];
      unchecked?: string;
    }
  | { at: number; kind: 'collected'; series: number; complete: boolean; detail: string }
  | { at: number; kind: 'interrupted'; by: string }
  /** What stopped the run first: its own watch, or an alarm on the site; `breachedMs`, when that alarm went off. */
  | { at: number; kind: 'stopped'; by: 'guard' | 'stop-condition'; detail: string; breachedMs?: number }
  /** The guards' values went to the site as so many metrics of high resolution, each with its alarm. */
  | { at: number; kind: 'guards-published'; guards: number; requests: number }
  /** After a stop: the traffic ended and all was undone that could be, so long after the breach (site's time). */
  | { at: number; kind: 'undone'; afterMs: number }
  | { at: number; kind: 'warning'; warning: Warning }
  | { at: number; kind: 'run-ended'; reason: string };

/** Something a reader of the verdict must know, with advice; `invalidates` makes the verdict invalid. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly invalidates: boolean;
}

/** One CloudWatch series of the run, as collected; one JSON line each in `record/metrics.jsonl`. */
export interface CollectedMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `SampleCount`, `p99`, ... */
  readonly statistic: string;
  readonly unit: string;
  readonly periodSec: number;
  /** Logical id of the resource in its template, where it has one: what reports call it. */
  readonly resource: string;
  /** Start of each period and its value, ascending; a period without a point is absent here. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
  /** A sparse metric's absent period is 0 where the witness has data, else no-data. `dense` metrics' absences are no-data. */
  readonly density: 'sparse' | 'dense';
  /** Periods (starts) in which the witness had data; only for sparse metrics. */
  readonly witnessed?: readonly number[];
  /** Whether two reads a while apart agreed and every query was Complete. */
  readonly complete: boolean;
}

/** A resource of the system with the configuration that the run found. */
export interface ResourceConfiguration {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** As the service describes it: memory, timeout, reserved concurrency, billing mode, ... */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Of a table: what it and its indexes hold, which AWS brings up to date every six hours; no setting. Absent in records of older versions. */
  readonly stored?: { readonly bytes: number; readonly items: number };
  /**
   * Of a function: who calls it, as far as the template tells. Principals of its permissions (`apigateway.amazonaws.com`), logical ids of the
   * state machines, event source mappings and functions that refer to it. Absent in records of older versions.
   */
  readonly invokedBy?: readonly string[];
}

/** One phase as it was run. */
export interface Phase extends Window {
  readonly kind: PhaseKind;
}

/** A state of a repository. `dirty`: files differed from the commit. */
export interface SourceState {
  readonly commit: string;
  /** Absent on a detached head that no CI names. */
  readonly branch?: string;
  readonly dirty: boolean;
}

/** What a run is about and with what it was made; `record/manifest.json`. */
export interface Manifest {
  readonly recordVersion: number;
  readonly runId: string;
  readonly exercise: string;
  readonly hypothesis: string;
  /** True in an exercise that declares `smoke: true`: one whole minute a phase is enough. */
  readonly smoke: boolean;
  readonly site: {
    readonly name: string;
    /** `imported`: nobody knows where; the figures are out of a file. */
    readonly kind: 'lab' | 'aws' | 'endpoint' | 'imported';
    readonly account: string;
    readonly region: string;
    /** Profile of the quotas of a lab that the run started; absent elsewhere, and in records of older versions. */
    readonly quotas?: string;
  };
  /** 1 where the site's clock is the wall's. */
  readonly timeScale: number;
  readonly seed: string;
  readonly startedMs: number;
  /** Versions of proofload, Node, k6 (and where it came from), Artillery. */
  readonly versions: Readonly<Record<string, string>>;
  /** Numbers of config/ that the verdict rests on; empty on AWS. `value` is absent in records of older versions. */
  readonly numbers: readonly {
    readonly key: string;
    readonly status: 'documented' | 'measured' | 'assumed';
    readonly value?: number | Readonly<Record<string, number>>;
  }[];
  /** The setting that the exercise ran with, such as `gate`; absent where it ran as it is, and in records of older versions. */
  readonly setting?: string;
  /** What version control says of the exercise's files; absent where they are in no repository, and in records of older versions. */
  readonly source?: SourceState;
  /** The machine that made the traffic; absent in records of older versions. */
  readonly generator?: { readonly platform: string; readonly cpu: string; readonly cpus: number; readonly memoryGb: number };
  readonly flows: readonly {
    readonly name: string;
    readonly operations?: readonly string[];
    readonly plannedArrivals: number;
    readonly peakRatePerSec: number;
  }[];
  /** How many operations of which name make one business transaction, for cost per thousand. */
  readonly businessTransaction: { readonly name: string; readonly operation: string };
  /** Planned faults and what each one disturbs. */
  readonly faults: readonly { readonly name: string; readonly resource: string; readonly probe: string; readonly description: string }[];
  /** What must hold of the system's own data after the run; absent in an exercise without invariants. */
  readonly invariants?: readonly { readonly name: string; readonly holds: string }[];
  /** Of a run that was imported: from what. `figures`: the file had no samples, and the record has `imported.json` in their place. */
  readonly imported?: { readonly format: string; readonly file: string; readonly holds: 'samples' | 'figures' };
  /** The objectives file of the exercise, in Keptn's grammar, as it was planned. */
  readonly objectives: unknown;
}
