import { join } from 'node:path';
import { expect, it } from 'vitest';
import { virtualClock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';
import type { JournalEvent } from '../record/types.ts';
import { collectRun } from './collect-run.ts';
import { Interruption } from './interruption.ts';
import type { Session } from './session.ts';

it('checks the invariants although the configuration of the system cannot be read', async () => {
  const clock = virtualClock();
  const events: JournalEvent[] = [{ at: clock.now(), kind: 'run-started', runId: 'run', exercise: 'test' }];
  const add = (event: object): void => void events.push({ at: clock.now(), ...event } as JournalEvent);
  const denied = Object.assign(new Error('not authorized to perform dynamodb:DescribeTable'), { name: 'AccessDeniedException' });
  const invariant = {
    name: 'none-lost',
    holds: 'Nothing is lost.',
    check: async () => ({ checked: 3, violations: [{ id: 'o-1', detail: 'lost' }] }),
  };
  const session = {
    site: { clock, timeScale: 1, clients: { dynamodb: { send: () => Promise.reject(denied) } } },
    journal: { events, add, warn: (warning: object) => add({ kind: 'warning', warning }) },
    interruption: new Interruption(),
    progress: { busy: () => undefined, stage: () => undefined },
    live: { failedLately: false },
    loaded: { systemTemplate: join(packageRoot(), 'scenarios/checkout/sync/template.yaml'), exercise: {}, integrity: { invariants: [invariant] } },
    prepared: { stack: { name: 'shop', outputs: {}, resources: [{ logicalId: 'OrdersTable', physicalId: 'orders', type: 'AWS::DynamoDB::Table' }] } },
  } as unknown as Session;
  const collecting = collectRun(session);
  await clock.advance(2_000);
  await collecting;
  expect(events).toMatchObject([
    { kind: 'run-started' },
    { kind: 'warning', warning: { code: 'collection-failed', message: expect.stringContaining('DescribeTable'), invalidates: true } },
    { kind: 'drained', quiet: true },
    { kind: 'invariant', name: 'none-lost', violated: 1, violations: [{ id: 'o-1' }] },
  ]);
});
