import type { Clock } from '../core/clock.ts';
import type { Arrival, Health, Sample } from '../record/types.ts';
import type { Segment } from './arrivals.ts';
import type { ArrivalSchedule } from './schedule.ts';

/** One line that a generator or a flow (`console.log`) wrote. */
export interface TrafficLog {
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly message: string;
}

/** What one flow's traffic is to be, whichever generator makes it. */
export interface TrafficPlan {
  /** What the record calls the flow. */
  readonly name: string;
  /** The flow's file; absolute. */
  readonly flowFile: string;
  /** `__ENV` of the flow, such as BASE_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** Tags on every sample, for the flow's own thresholds. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The arrivals, in seconds of the wall. */
  readonly segments: readonly Segment[];
  /** Longest time that one pass may take, time-outs and think times included: virtual users are planned for it. */
  readonly longestFlowSec: number;
  /** Highest number of virtual users; default: what the machine's memory allows. */
  readonly virtualUserLimit?: number;
  /** Refuse to connect to anything but this machine, whatever the flow asks for. */
  readonly loopbackOnly?: boolean;
  /** The site's clock: everything that is reported lies on its time. */
  readonly clock: Clock;
  /** When (the site's time) the first segment begins; absent: as soon as the generator is ready. */
  readonly startAtMs?: number;
  /** For generated files; exists, and belongs to this run alone. */
  readonly workFolder: string;
  /** Environment of the process (PATH, HOME, proxies). */
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  onSamples(samples: readonly Sample[]): void;
  onArrivals(arrivals: readonly Arrival[]): void;
  onHealth(health: Health): void;
  onLog(line: TrafficLog): void;
}

/** Figures while the traffic runs, for the progress line. */
export interface TrafficProgress {
  readonly requests: number;
  readonly failedRequests: number;
  readonly iterations: number;
  readonly dropped: number;
  readonly activeUsers: number;
}

/** How the traffic of one flow ended, and whether its evidence is whole. */
export interface TrafficOutcome {
  /**
   * `finished`: all arrivals were made; `aborted`: the flow or one of its thresholds (abortOnFail) ended it; `stopped`: we
   * did; `killed`: somebody else did; `failed`: the generator could not run the flow.
   */
  readonly how: 'finished' | 'aborted' | 'stopped' | 'killed' | 'failed';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** A sentence, for the journal. */
  readonly detail: string;
  /** Names of the flow's own thresholds that were crossed. */
  readonly thresholdsCrossed: readonly string[];
  /** Whether every row that the generator wrote was read. False after a kill: what came until then is recorded. */
  readonly complete: boolean;
  readonly requests: number;
  readonly plannedArrivals: number;
  readonly iterations: number;
  readonly dropped: number;
  /** Planned arrivals of which neither an end nor a drop is known: cut off by the end, or never made. */
  readonly unaccounted: number;
  /** The flow's checks, by name. */
  readonly checks: readonly { readonly name: string; readonly passed: number; readonly failed: number }[];
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly virtualUsers: number;
  readonly mostActiveUsers: number;
}

/** Traffic that has been started. */
export interface RunningTraffic {
  readonly pid: number;
  readonly virtualUsers: number;
  readonly schedule: ArrivalSchedule;
  /** When the first segment began (the site's time); rejects with ProofloadError `flow-failed` when it never did. */
  readonly started: Promise<number>;
  /** Never rejects. */
  readonly ended: Promise<TrafficOutcome>;
  progress(): TrafficProgress;
  /** Ends it: politely, and after `graceMs` of the wall (default 5,000) by force. Waits for the outcome. */
  stop(graceMs?: number): Promise<TrafficOutcome>;
}
