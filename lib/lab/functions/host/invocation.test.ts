import { describe, expect, it } from 'vitest';
import { processMs } from '../messages.ts';
import { Invocation } from './invocation.ts';

function invocation(): { readonly of: Invocation; readonly at: (ms: number) => number } {
  const dueAt = processMs();
  const of = new Invocation({ kind: 'invoke', environment: 1, requestId: 'r', payload: '{}', timeoutMs: 1000, traceId: 't', dueAt });
  return { of, at: (ms) => dueAt + ms };
}

/** Runs `[due, came]` pairs, in ms since the start, each list up to where the handler goes on; gives the lateness. */
function lateness(...steps: readonly (readonly (readonly [number, number])[])[]): number {
  const { of, at } = invocation();
  for (const came of steps) {
    for (const [dueMs, cameMs] of came) of.came(at(dueMs), at(cameMs));
    of.wentOn();
  }
  of.end();
  return Math.round(of.lateMs * 1000) / 1000;
}

describe('lateness', () => {
  it('is that of the latest due of what came together', () => {
    expect(lateness([[5, 8]])).toBe(3);
    expect(
      lateness([
        [5, 8],
        [7, 9],
        [6, 10],
      ]),
    ).toBe(3);
    expect(
      lateness([
        [5, 8],
        [10, 10],
      ]),
    ).toBe(0);
  });

  it('is that of what came last, for whatever came late before brought it forward', () => {
    expect(lateness([[5, 8]], [[12, 13]])).toBe(1);
    expect(lateness([[5, 8]], [[12, 11.5]])).toBe(-0.5);
  });

  it('has none of what was due before the invocation, or is still unanswered', () => {
    expect(lateness([[-50, 2]])).toBe(2);
  });

  it('is at first that of its beginning', () => {
    const { of, at } = invocation();
    expect(of.lateMs).toBe(of.startedAt - at(0));
  });
});
