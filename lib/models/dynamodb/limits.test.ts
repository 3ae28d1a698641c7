import { expect, it } from 'vitest';
import { Decreases } from './decreases.ts';
import { ModeSwitches } from './mode-switches.ts';
import { TransactionTokens } from './transaction-tokens.ts';

it('lets throughput be lowered four times a day, then once an hour: 27 times in all', () => {
  const decreases = new Decreases({ freeADay: 4, intervalSec: 3600 });
  const dayMs = 86_400_000;
  let allowed = 0;
  for (let nowMs = 0; nowMs < dayMs; nowMs += 60_000) {
    if (decreases.refusal(nowMs)) continue;
    decreases.count(nowMs);
    allowed++;
  }
  expect(allowed).toBe(27);
  expect(decreases.refusal(dayMs - 1)).toMatchObject({ today: 27 });
  expect([decreases.refusal(dayMs), decreases.today(dayMs)]).toEqual([undefined, 0]);
});

it('lets a table turn to on-demand four times in any day', () => {
  const switches = new ModeSwitches({ most: 4, periodSec: 86_400 });
  const hourMs = 3_600_000;
  for (const atMs of [0, hourMs, 2 * hourMs, 3 * hourMs]) {
    expect(switches.refusal(atMs)).toBeUndefined();
    switches.count(atMs);
  }
  expect(switches.refusal(4 * hourMs)).toEqual({ lastMs: 3 * hourMs, nextMs: 24 * hourMs });
  expect(switches.refusal(24 * hourMs)).toBeUndefined();
  switches.count(24 * hourMs);
  expect(switches.refusal(24 * hourMs)).toEqual({ lastMs: 24 * hourMs, nextMs: 25 * hourMs });
});

it('knows a transaction by its token until ten minutes after it succeeded', () => {
  const tokens = new TransactionTokens(600);
  expect(tokens.state('t', 'a', 0)).toBe('new');
  tokens.begin('t', 'a');
  expect([tokens.state('t', 'a', 1), tokens.state('t', 'b', 1)]).toEqual(['in-progress', 'mismatch']);
  tokens.complete('t', 1_000);
  expect([tokens.state('t', 'a', 600_999), tokens.state('t', 'b', 600_999), tokens.state('t', 'b', 601_000)]).toEqual(['done', 'mismatch', 'new']);
  tokens.begin('u', 'a');
  tokens.cancel('u');
  expect(tokens.state('u', 'b', 0)).toBe('new');
});
