import type { TrafficOutcome } from '../types.ts';

/** How a k6 process ended: its own code, or the signal that ended it. */
export interface K6Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Whether we asked it to stop. */
  readonly stopRequested: boolean;
  /** Whether the first pass of the flow had begun. */
  readonly hadStarted: boolean;
  /** Whether a threshold with abortOnFail ended the run. */
  readonly thresholdAborted: boolean;
}

/** k6's exit codes (grafana/k6 errext/exitcodes/codes.go) that say how a run went, in a sentence each. */
const sentences: Readonly<Record<number, string>> = {
  0: 'all arrivals were made',
  99: "thresholds of the flow's own were crossed",
  100: "the flow's setup() took too long",
  101: "the flow's teardown() took too long",
  104: "the flow's options are not valid",
  105: 'k6 was told to stop',
  107: 'the flow threw an exception outside its iterations',
  108: 'the flow called test.abort()',
  109: 'k6 itself crashed',
  110: 'the flow marked the test as failed',
};

/** What an exit means for the run. A crossed threshold ends k6 with 99 after all arrivals, or before them with abortOnFail. */
export function readExit(exit: K6Exit): Pick<TrafficOutcome, 'how' | 'detail'> {
  if (exit.stopRequested) return { how: 'stopped', detail: `stopped by proofload${exit.signal ? ` (${exit.signal})` : ''}` };
  if (exit.signal !== null) return { how: 'killed', detail: `k6 was killed (${exit.signal})` };
  const detail = sentences[exit.code ?? -1] ?? `k6 ended with code ${exit.code}`;
  if (!exit.hadStarted && exit.code !== 0) return { how: 'failed', detail };
  if (exit.thresholdAborted) return { how: 'aborted', detail: "a threshold of the flow's own (abortOnFail) ended the run" };
  switch (exit.code) {
    case 0:
    case 99:
    case 101:
    case 110:
      return { how: 'finished', detail };
    case 105:
      return { how: 'killed', detail: 'k6 was told to stop, not by proofload' };
    case 109:
      return { how: 'killed', detail };
    default:
      return { how: 'aborted', detail };
  }
}

/** What k6's line about crossed thresholds says: of which metrics, and whether one of them ended the run; undefined for any other line. */
export function thresholdsIn(message: string): { metrics: string[]; abortedRun: boolean } | undefined {
  const names = /thresholds on metrics '([^']*)' (?:have been|were) crossed/.exec(message)?.[1];
  return names === undefined ? undefined : { metrics: names.split(', '), abortedRun: message.includes('abortOnFail') };
}
