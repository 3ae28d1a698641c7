import { describe, expect, it } from 'vitest';
import { virtualClock } from '../core/clock.ts';
import type { JournalEvent } from '../record/types.ts';
import { checkInvariants, type IntegritySession, untilQuiet } from './integrity.ts';
import { Interruption } from './interruption.ts';
import type { Invariant, Quiet } from './invariants.ts';

/** A session of which invariants see only what they may; its clock is virtual. */
function sessionWith({ quiet, invariants = [], drainLimitSec }: { quiet?: Quiet; invariants?: Invariant[]; drainLimitSec?: number }) {
  const clock = virtualClock();
  const events: JournalEvent[] = [{ at: clock.now(), kind: 'run-started', runId: 'run', exercise: 'test' }];
  const interruption = new Interruption();
  const session = {
    site: { clock, timeScale: 1, clients: { dynamodb: 'tables', sfn: 'machines' } },
    journal: { events, add: (event: object) => events.push({ at: clock.now(), ...event } as JournalEvent) },
    interruption,
    progress: { busy: () => undefined },
    loaded: {
      exercise: drainLimitSec === undefined ? {} : { drainLimitSec },
      integrity: { invariants, ...(quiet ? { quiet } : {}) },
    },
    prepared: { stack: { name: 'shop', outputs: {}, resources: [{ logicalId: 'Orders', physicalId: 'shop-orders', type: 'AWS::DynamoDB::Table' }] } },
  } as unknown as IntegritySession;
  return { session, clock, interruption, events };
}

const invariant = (name: string, check: Invariant['check']): Invariant => ({ name, holds: `${name} holds`, check });

describe('waiting until the system is quiet', () => {
  it('asks until it is, in the time of the site', async () => {
    let asked = 0;
    const { session, clock } = sessionWith({ quiet: async () => ++asked > 7 });
    const startMs = clock.now();
    const waiting = untilQuiet(session);
    await clock.advance(20_000);
    await expect(waiting).resolves.toEqual({ quiet: true });
    expect([asked, clock.now() - startMs]).toEqual([8, 20_000]);
  });

  it('gives up at the limit, with the last reason', async () => {
    let asked = 0;
    const quiet: Quiet = async () => {
      asked++;
      if (asked === 2) return false;
      throw new Error('throttled');
    };
    const { session, clock } = sessionWith({ quiet, drainLimitSec: 5 });
    const waiting = untilQuiet(session);
    await clock.advance(60_000);
    await expect(waiting).resolves.toEqual({ quiet: false, detail: 'the drain limit of 5 s passed: quiet failed: throttled' });
    expect(asked).toBe(6);
  });

  it('ends with Ctrl-C, also while quiet does not answer', async () => {
    const { session, interruption } = sessionWith({ quiet: () => new Promise(() => {}) });
    const waiting = untilQuiet(session);
    interruption.end({ kind: 'interrupted', by: 'SIGINT' });
    await expect(waiting).resolves.toEqual({ quiet: false, detail: 'the run was interrupted' });
  });
});

describe('checking invariants', () => {
  it('journals what each found, and goes on when one throws or answers nonsense', async () => {
    const violations = Array.from({ length: 150 }, (_, index) => ({ id: `o-${index}`, detail: 'lost' }));
    const { session, events } = sessionWith({
      invariants: [
        invariant('sees the system', async ({ resolve, startedMs, dynamodb, sfn }) => ({
          checked: 1,
          violations: [{ id: resolve('Orders'), detail: `${dynamodb} ${sfn} ${startedMs}` }],
        })),
        invariant('throws', () => {
          throw new Error('AccessDeniedException');
        }),
        invariant('nonsense', async () => ({ checked: 1 }) as never),
        invariant('many', async () => ({ checked: 200, violations })),
      ],
    });
    const startedMs = events[0]?.at;
    await checkInvariants(session);
    expect(events.slice(1)).toMatchObject([
      { name: 'sees the system', checked: 1, violated: 1, violations: [{ id: 'shop-orders', detail: `tables machines ${startedMs}` }] },
      { name: 'throws', checked: 0, violated: 0, violations: [], unchecked: 'AccessDeniedException' },
      { name: 'nonsense', unchecked: 'its check returned no { checked, violations: [{ id, detail }] }' },
      { name: 'many', holds: 'many holds', checked: 200, violated: 150, violations: violations.slice(0, 100) },
    ]);
  });

  it('leaves what is not checked yet when a person stops the run', async () => {
    const { session, interruption, events } = sessionWith({
      invariants: [invariant('hangs', () => new Promise(() => {})), invariant('next', async () => ({ checked: 1, violations: [] }))],
    });
    const checking = checkInvariants(session);
    interruption.end({ kind: 'interrupted', by: 'SIGINT' });
    await checking;
    expect(events.slice(1)).toMatchObject([{ unchecked: 'the run was interrupted' }, { unchecked: 'the run was interrupted' }]);
  });
});
