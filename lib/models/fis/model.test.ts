import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRng } from '../../core/rng.ts';
import { durationSec } from '../iso-duration.ts';
import { documentParameters } from './actions/ssm-start-automation-execution.ts';
import { actionsToStart, experimentDecision, type ScheduledAction, startAfterCycle } from './schedule.ts';
import { parseSelectionMode, resolveTarget, type TargetCandidate } from './selection.ts';
import type { ActionStatus } from './types.ts';

test.each([
  ['PT1M', 60],
  ['PT20S', 20],
  ['PT1H30M', 5400],
  ['P1DT1S', 86_401],
  ['P1D', 86_400],
  ['PT0S', 0],
  ['PT', undefined],
  ['P', undefined],
  ['1M', undefined],
  ['PT1.5M', undefined],
])('durationSec(%s) is %s', (text, seconds) => expect(durationSec(text)).toBe(seconds));

test('documentParameters makes lists of single strings', () => {
  expect(documentParameters('{"FunctionName":"f","Ids":["1","2"]}')).toEqual({ FunctionName: ['f'], Ids: ['1', '2'] });
  expect(documentParameters('not json')).toBeUndefined();
});

describe('selection', () => {
  const candidate = (name: string, tags: Record<string, string> = {}): TargetCandidate => ({
    arn: `arn:${name}`,
    tags,
    properties: { Runtime: name.startsWith('n') ? 'nodejs24.x' : 'python3.13', VpcConfig: { SubnetIds: [`subnet-${name}`] } },
  });
  const all = [candidate('n1', { env: 'test', team: 'a' }), candidate('n2', { env: 'test' }), candidate('p1', { env: 'test' }), candidate('p2')];
  const base = { resourceType: 'aws:lambda:function', selectionMode: 'ALL' };
  const resolve = (target: object, seed = 's') => resolveTarget({ ...base, ...target }, all, seededRng(seed)).map((each) => each.arn);

  test('parses its modes', () => {
    expect(parseSelectionMode('COUNT(3)')).toEqual({ kind: 'count', n: 3 });
    expect(['COUNT(0)', 'PERCENT(0)', 'all', 'COUNT(-1)', 'PERCENT(50)%'].map(parseSelectionMode)).toEqual(Array(5).fill(undefined));
  });

  test('takes named ARNs, or all tags and all filters', () => {
    expect(resolve({ resourceArns: ['arn:p2', 'arn:gone'] })).toEqual(['arn:p2']);
    expect(resolve({ resourceTags: { env: 'test' } })).toEqual(['arn:n1', 'arn:n2', 'arn:p1']);
    expect(resolve({ resourceTags: { env: 'test', team: 'a' } })).toEqual(['arn:n1']);
    expect(resolve({ resourceTags: { env: 'test' }, filters: [{ path: 'Runtime', values: ['nodejs24.x', 'x'] }] })).toEqual(['arn:n1', 'arn:n2']);
    expect(resolve({ filters: [{ path: 'VpcConfig.SubnetIds', values: ['subnet-p1'] }] })).toEqual(['arn:p1']);
    expect(resolve({ resourceTags: { env: 'live' } })).toEqual([]);
  });

  test('COUNT and PERCENT take that many, of every set', () => {
    const target = { resourceTags: { env: 'test' } };
    expect(resolve({ ...target, selectionMode: 'COUNT(9)' })).toHaveLength(3);
    expect(resolve({ ...target, selectionMode: 'PERCENT(67)' })).toHaveLength(2);
    expect(resolve({ ...target, selectionMode: 'PERCENT(30)' })).toHaveLength(0);
    const seen = new Set(Array.from({ length: 60 }, (_, seed) => resolve({ ...target, selectionMode: 'COUNT(2)' }, String(seed)).join()));
    expect(seen.size).toBe(3);
  });
});

/** Actions whose startAfter only names earlier ones: no cycle by construction. */
const acyclic = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
  .map((lists) => lists.map((list, index) => [...new Set(list.filter(() => index > 0).map((n) => `a${n % Math.max(1, index)}`))]));

describe('schedule', () => {
  test('every acyclic template ends, in order, with no more at once than the quota', () => {
    fc.assert(
      fc.property(acyclic, fc.integer({ min: 1, max: 10 }), fc.infiniteStream(fc.nat()), (lists, maxParallel, choices) => {
        const actions: Record<string, ScheduledAction> = Object.fromEntries(
          lists.map((startAfter, index) => [`a${index}`, { startAfter, status: 'pending' as ActionStatus }]),
        );
        const set = (name: string, status: ActionStatus) => {
          actions[name] = { ...actions[name]!, status };
        };
        expect(startAfterCycle(actions)).toBeUndefined();
        while (experimentDecision(actions) === 'go-on') {
          for (const name of actionsToStart(actions, maxParallel)) {
            for (const before of actions[name]!.startAfter) expect(actions[before]!.status).toBe('completed');
            set(name, 'running');
          }
          const running = Object.keys(actions).filter((name) => actions[name]!.status === 'running');
          expect(running.length).toBeGreaterThan(0);
          expect(running.length).toBeLessThanOrEqual(maxParallel);
          set(running[choices.next().value! % running.length]!, 'completed');
        }
        expect(Object.values(actions).every((action) => action.status === 'completed')).toBe(true);
      }),
    );
  });

  test('one failed action fails the experiment; skipped ones complete it', () => {
    expect(experimentDecision({ a: { startAfter: [], status: 'running' }, b: { startAfter: [], status: 'failed' } })).toBe('fail');
    expect(experimentDecision({ a: { startAfter: [], status: 'skipped' } })).toBe('complete');
  });

  test('finds a cycle, of one action too', () => {
    expect(startAfterCycle({ a: { startAfter: ['a'] } })).toBe('a');
    expect(startAfterCycle({ a: {}, b: { startAfter: ['a', 'd'] }, c: { startAfter: ['b'] }, d: { startAfter: ['c'] } })).toBe('b');
  });
});
