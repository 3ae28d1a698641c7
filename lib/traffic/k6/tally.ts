import type { Sample } from '../../record/types.ts';
import type { ArrivalLedger } from '../ledger.ts';
import type { TrafficProgress } from '../types.ts';
import { errorWord } from './errors.ts';
import type { K6Events } from './rows.ts';

/** Turns k6's events into samples and arrivals, and counts. */
export interface Tally {
  readonly events: K6Events;
  /** Samples since the last call. */
  takeSamples(): Sample[];
  progress(): TrafficProgress;
  /** When k6 began the first pass (the wall's time); undefined before. */
  startedWallMs(): number | undefined;
  totals(): {
    readonly checks: { readonly name: string; readonly passed: number; readonly failed: number }[];
    readonly sentBytes: number;
    readonly receivedBytes: number;
    readonly mostActiveUsers: number;
  };
}

/**
 * `Sample.bytesReceived` is 0 for every sample: k6 counts bytes for each pass of a flow, not for each request. The totals
 * have them. A request that got no connection has duration 0: k6 does not tell how long it waited for one in vain.
 */
export function tally(ledger: ArrivalLedger, toSiteMs: (wallMs: number) => number): Tally {
  let samples: Sample[] = [];
  let [requests, failedRequests, iterations, dropped] = [0, 0, 0, 0];
  let [activeUsers, mostActiveUsers, sentBytes, receivedBytes] = [0, 0, 0, 0];
  let startedWallMs: number | undefined;
  const checks = new Map<string, { name: string; passed: number; failed: number }>();
  const events: K6Events = {
    request: (startMs, durationMs, operation, status, errorCode, expected) => {
      requests++;
      const error = errorWord(errorCode, status);
      const ok = expected && error === '';
      if (!ok) failedRequests++;
      samples.push({ startMs: toSiteMs(startMs), durationMs, operation, status, error, ok, bytesReceived: 0 });
    },
    iteration: (_flow, startMs, durationMs, index) => {
      iterations++;
      ledger.iteration(startMs, durationMs, index);
    },
    dropped: (_flow, atMs, count) => {
      dropped += count;
      ledger.dropped(atMs, count);
    },
    users: (_atMs, active) => {
      activeUsers = active;
      mostActiveUsers = Math.max(mostActiveUsers, active);
    },
    data: (sent, received) => {
      sentBytes += sent;
      receivedBytes += received;
    },
    check: (name, passed, failed) => {
      const sum = checks.get(name) ?? { name, passed: 0, failed: 0 };
      checks.set(name, { name, passed: sum.passed + passed, failed: sum.failed + failed });
    },
    scenarioStarted: (_flow, atMs) => {
      startedWallMs ??= atMs;
      ledger.started(atMs);
    },
  };
  return {
    events,
    takeSamples: () => {
      const taken = samples;
      samples = [];
      return taken;
    },
    progress: () => ({ requests, failedRequests, iterations, dropped, activeUsers }),
    startedWallMs: () => startedWallMs,
    totals: () => ({ checks: [...checks.values()], sentBytes, receivedBytes, mostActiveUsers }),
  };
}
