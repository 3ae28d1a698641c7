import { expect, test } from 'vitest';
import { graded as gradedRun } from '../../test/synthetic/graded.ts';
import { type Changes, defaultObjectives, t0 } from '../../test/synthetic/run.ts';
import type { JournalEvent } from '../record/types.ts';
import type { Assessment } from './types.ts';

type InvariantEvent = Extract<JournalEvent, { kind: 'invariant' }>;

const at = t0 + 30 * 60_000;
const invariants = [
  { name: 'no-order-lost', holds: 'Every order is confirmed or compensated.' },
  { name: 'charged-once', holds: 'No order is charged twice.' },
];
const ids = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `o-${index}`, detail: 'lost' }));

/** The healthy synthetic run with these findings of its two invariants; `undefined` is an invariant that was never checked. */
function graded(findings: readonly (Partial<InvariantEvent> | undefined)[], objectives: unknown = defaultObjectives, quiet = true): Assessment {
  const drained: JournalEvent = { at, kind: 'drained', waitedMs: 4000, quiet, ...(quiet ? {} : { detail: 'the drain limit of 1 min passed' }) };
  const events = findings.flatMap((finding, index): JournalEvent[] => {
    const { name = '', holds = '' } = invariants[index] ?? {};
    return finding ? [{ at, kind: 'invariant', name, holds, checked: 200, violated: 0, violations: [], ...finding }] : [];
  });
  const changes: Changes = { manifest: { invariants }, journal: (all) => [...all, drained, ...events] };
  return gradedRun({ objectives }, changes);
}

const holding = {};
const violated = { violated: 150, violations: ids(100) };
const unchecked = { checked: 0, unchecked: 'AccessDeniedException' };
const objective = (sli: string, criterion: string, key_sli = false) => ({ sli, pass: [{ criteria: [criterion] }], key_sli });
const spec_version = '1.0';
const failing = { spec_version, objectives: [objective('latency_p99', '<1', true)] };
const withoutData = { spec_version, objectives: [objective('latency_p99:nothing', '<1')] };
const unscored = { spec_version, objectives: [{ sli: 'latency_p99' }] };

test.each<[string, readonly (Partial<InvariantEvent> | undefined)[], unknown, boolean, string, number]>([
  ['all hold', [holding, holding], defaultObjectives, true, 'pass', 0],
  ['one is violated and the objectives hold', [violated, holding], defaultObjectives, true, 'fail', 3],
  ['one is violated and an objective has no data', [violated, holding], withoutData, true, 'fail', 3],
  ['one is violated and another was not checked', [violated, unchecked], defaultObjectives, true, 'fail', 3],
  ['one was not checked', [holding, unchecked], defaultObjectives, true, 'no-data', 4],
  ['one was never reached', [holding, undefined], defaultObjectives, true, 'no-data', 4],
  ['one was not checked and an objective failed', [holding, unchecked], failing, true, 'fail', 3],
  ['the system was not quiet', [holding, holding], defaultObjectives, false, 'no-data', 4],
  ['the system was not quiet and one is violated', [violated, holding], defaultObjectives, false, 'fail', 3],
  ['there was nothing to check at all', [{ checked: 0 }, { checked: 0 }], defaultObjectives, true, 'no-data', 4],
  ['one had nothing to check', [{ checked: 0 }, holding], defaultObjectives, true, 'pass', 0],
  ['all hold and no objective is scored', [holding, holding], unscored, true, 'pass', 0],
])('%s', (_name, findings, objectives, quiet, verdict, exitCode) => {
  const run = graded(findings, objectives, quiet);
  expect([run.verdict, run.exitCode], run.reasons.join('\n')).toEqual([verdict, exitCode]);
});

test('the reasons name the invariant, the count and the first ids', () => {
  const run = graded([violated, unchecked]);
  expect(run.reasons[0]).toBe('invariant no-order-lost is violated 150 times in 200 checked: o-0, o-1, o-2, o-3, o-4 and 145 more');
  expect(run.reasons).toContain('invariant charged-once was not checked: AccessDeniedException');
  expect(graded([holding, holding], defaultObjectives, false).reasons).toContain(
    'the system was not quiet when its invariants were checked: the drain limit of 1 min passed',
  );
  expect(run.integrity?.invariants).toMatchObject([
    { name: 'no-order-lost', state: 'violated', checked: 200, violations: 150, examples: ids(100) },
    { name: 'charged-once', state: 'no-data', reason: 'AccessDeniedException' },
  ]);
});

test('an objective reads the number of violations, of all invariants or of one', () => {
  const objectives = { spec_version, objectives: [objective('integrity', '=0'), objective('integrity:charged-once', '=0')] };
  const readings = (run: Assessment) => run.objectives.map(({ value, status }) => [value.state === 'value' ? value.value : value.reason, status]);
  expect(readings(graded([violated, holding], objectives))).toEqual([
    [150, 'fail'],
    [0, 'pass'],
  ]);
  expect(readings(graded([holding, unchecked], objectives))).toEqual([
    ['invariant charged-once was not checked: AccessDeniedException', 'no-data'],
    ['invariant charged-once was not checked: AccessDeniedException', 'no-data'],
  ]);
});

test('an invalid run stays invalid, and the violation is among its reasons', () => {
  const event: JournalEvent = { at, kind: 'invariant', name: 'no-order-lost', holds: '', checked: 3, violated: 1, violations: ids(1) };
  const run = gradedRun({ fault: 'nothing' }, { journal: (all) => [...all, event] });
  expect([run.verdict, run.exitCode]).toEqual(['invalid', 4]);
  expect(run.reasons).toContain('invariant no-order-lost is violated once in 3 checked: o-0');
});

test('a record without invariants, as older versions wrote it, has no integrity', () => {
  expect(gradedRun()).not.toHaveProperty('integrity');
});
