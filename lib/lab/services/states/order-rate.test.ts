import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import { packageRoot } from '../../../core/package-root.ts';
import type { LabContext, MetricSink } from '../../contract.ts';
import { Rates } from './rates.ts';
import { createStatesService } from './service.ts';

const mostRegions = parse(readFileSync(join(packageRoot(), 'config/sites/most-regions.yaml'), 'utf8')) as { quotas: Record<string, number> };

/** Seconds after which both buckets are empty at twice the sustained rate, and seconds that are counted then. */
const emptySec = 20;
const countedSec = 60;

/** Orders a second that end, of twice what the quotas sustain, each a start and then `transitions` in a row that take no time themselves. */
function orderRate(quotas: Readonly<Record<string, number>>, transitions: number, offeredPerSec: number): number {
  let nowMs = 0;
  const { context } = virtualLab(() => []);
  const clock = { ...context.clock, now: () => nowMs, schedule: () => () => undefined };
  const rates = new Rates({ ...context, clock, quotas: context.quotas.with(quotas, 'the site', '2026-11-24') });
  const admit = rates.api('StartExecution', 'start-execution-standard');
  // The bucket's line is first in, first out: who asks last starts last, so orders under way are in the order of their next transition.
  const underWay: { atMs: number; left: number }[] = [];
  const endMs = (emptySec + countedSec) * 1000;
  let ended = 0;
  const step = (order: { atMs: number; left: number }): void => {
    nowMs = order.atMs;
    if (order.left === 0) {
      if (nowMs >= emptySec * 1000) ended++;
      return;
    }
    underWay.push({ atMs: nowMs + rates.transition(), left: order.left - 1 });
  };
  let next = 0;
  const advanceTo = (untilMs: number): void => {
    for (let order = underWay[next]; order && order.atMs <= untilMs; order = underWay[++next]) step(order);
  };
  for (let i = 0; (i * 1000) / offeredPerSec < endMs; i++) {
    nowMs = (i * 1000) / offeredPerSec;
    advanceTo(nowMs);
    nowMs = (i * 1000) / offeredPerSec;
    try {
      admit();
    } catch {
      continue;
    }
    step({ atMs: nowMs, left: transitions });
  }
  return ended / countedSec;
}

it.each([
  ['us-east-1', {}, 10, 300],
  ['us-east-1', {}, 20, 250],
  ['us-east-1', {}, 30, 166],
  ['most regions', mostRegions.quotas, 10, 80],
  ['most regions', mostRegions.quotas, 20, 40],
  ['most regions', mostRegions.quotas, 30, 26],
] as const)('in %s (%o) a saga of %d transitions holds %d orders a second', (_region, quotas, transitions, ordersPerSec) => {
  expect(Math.abs(orderRate(quotas, transitions, 2 * ordersPerSec) / ordersPerSec - 1)).toBeLessThan(0.04);
});
