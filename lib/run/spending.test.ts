import { join } from 'node:path';
import type { GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';
import type { JournalEvent } from '../record/types.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { Interruption } from './interruption.ts';
import type { Session } from './session.ts';
import { refuseTooExpensive, watchSpending } from './spending.ts';

const site = { name: 'shop', region: 'us-east-1', prices: {} } as unknown as SiteFile;
const estimate = { aboutUsd: 1.234, rests: 'about 100 requests' };

it('refuses a run that is expected to cost more than its site allows, and one whose cost nobody can tell', () => {
  expect(() => refuseTooExpensive(site, undefined, 'x.ts')).not.toThrow();
  expect(() => refuseTooExpensive({ ...site, maxCostUsd: 1.3 }, estimate, 'x.ts')).not.toThrow();
  expect(() => refuseTooExpensive({ ...site, maxCostUsd: 1 }, estimate, 'x.ts')).toThrow(
    'x.ts: the run would cost about $1.23, and site shop allows $1.00',
  );
  expect(() => refuseTooExpensive({ ...site, maxCostUsd: 0 }, undefined, 'x.ts')).toThrow('there is no price list for us-east-1');
});

/** A run of one HTTP API whose front door CloudWatch counts `perMinute` requests a minute at. */
function sessionOf(clock: VirtualClock, perMinute: number, maxCostUsd: number | undefined) {
  const startMs = clock.now();
  const journal: JournalEvent[] = [];
  const asked: string[] = [];
  const cloudwatch = {
    send: async ({ input }: { input: GetMetricDataCommandInput }) => ({
      MetricDataResults: (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
        const name = MetricStat?.Metric?.MetricName ?? '';
        asked.push(name);
        const minutes = Array.from({ length: Math.floor((clock.now() - startMs) / 60_000) }, (_, minute) => new Date(startMs + minute * 60_000));
        return name === 'Count'
          ? { Id, StatusCode: 'Complete', Timestamps: minutes, Values: minutes.map(() => perMinute) }
          : { Id, StatusCode: 'Complete', Timestamps: [], Values: [] };
      }),
    }),
  };
  const add = (event: object): void => void journal.push({ at: clock.now(), ...event } as JournalEvent);
  const session = {
    site: { file: { ...site, ...(maxCostUsd === undefined ? {} : { maxCostUsd }) }, clock, clients: { cloudwatch } },
    interruption: new Interruption(),
    journal: { events: journal, add, warn: (warning: object) => add({ kind: 'warning', warning }) },
    prepared: { stack: { name: 'shop', resources: [{ logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api' }] } },
    loaded: { systemTemplate: join(packageRoot(), 'scenarios/checkout/sync/template.yaml') },
  } as unknown as Session;
  return { session, journal, asked };
}

it('stops a run when what CloudWatch has metered costs more than the site allows, and not before', async () => {
  const clock = virtualClock();
  const { session, journal, asked } = sessionOf(clock, 400_000, 1);
  watchSpending(session);
  await clock.advance(130_000);
  expect(session.interruption.reason).toBeUndefined();
  await clock.advance(60_000);
  const detail = 'the run has cost $1.20 at least, and site shop allows $1.00';
  expect(session.interruption.reason).toEqual({ kind: 'stop-condition', detail });
  expect(journal.at(-1)).toMatchObject({ kind: 'stopped', by: 'guard', detail });
  expect([...new Set(asked)].sort()).toEqual(['Count', 'DataProcessed']);
});

it('counts an experiment that still runs by the minute', async () => {
  const clock = virtualClock();
  const { session } = sessionOf(clock, 0, 0.25);
  session.journal.add({ kind: 'fault-started', fault: 'lambda-throttle', experimentId: 'EXP1' });
  watchSpending(session);
  await clock.advance(125_000);
  expect(session.interruption.reason).toBeUndefined();
  await clock.advance(60_000);
  expect(session.interruption.reason).toMatchObject({ kind: 'stop-condition', detail: expect.stringContaining('$0.30 at least') });
});

it('asks nothing on a site without a limit, and nothing more once it is stopped', async () => {
  const clock = virtualClock();
  const free = sessionOf(clock, 1e9, undefined);
  watchSpending(free.session);
  const limited = sessionOf(clock, 1e9, 1);
  watchSpending(limited.session)();
  await clock.advance(300_000);
  expect([free.asked, limited.asked, limited.session.interruption.reason]).toEqual([[], [], undefined]);
});
