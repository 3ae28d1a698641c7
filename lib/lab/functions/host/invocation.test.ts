import { describe, expect, it } from 'vitest';
import { Invocation } from './invocation.ts';

function invocation(): { readonly of: Invocation; readonly at: (ms: number) => number } {
  const of = new Invocation({ kind: 'invoke', environment: 1, requestId: 'r', payload: '{}', timeoutMs: 1000, traceId: 't' });
  return { of, at: (ms) => of.startedAt + ms };
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

  it('adds up where one waits for the other, and counts no instant twice', () => {
    expect(lateness([[5, 8]], [[12, 16]])).toBe(7);
    expect(lateness([[5, 8]], [[6, 9]], [[6, 9.5]])).toBe(4.5);
  });

  it('has none of what was due before the invocation, or early, or still unanswered', () => {
    expect(lateness([[-50, 2]])).toBe(2);
    expect(lateness([[5, 4]])).toBe(0);
    expect(lateness([])).toBe(0);
  });
});
