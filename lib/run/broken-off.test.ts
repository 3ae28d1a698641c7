import { describe, expect, it } from 'vitest';
import { ProofloadError } from '../core/errors.ts';
import { brokenOff } from './broken-off.ts';

const site = { name: 'staging', source: 'staging.yaml' };
const entry = { runId: 'r', place: '/p', fault: 'throttle', setting: 'lambda:reserved-concurrency', resource: 'shop', found: '7', set: '1' };
const state = { site, interrupted: false, begun: false, left: [] };
const refusal = (name: string, status: number) => Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });

describe('an exception that ends a run', () => {
  it('says first what is left behind, whatever else it says', () => {
    for (const thrown of [new Error('disk full'), new ProofloadError('record-failed', 'disk full', { exit: 'invalid' })])
      expect(brokenOff(thrown, { ...state, interrupted: true, begun: true, left: [entry] })).toMatchObject({
        exit: 'unclean',
        message: 'the run broke off: disk full; left behind: shop: lambda:reserved-concurrency was 7',
        hint: 'restore it: proofload recover --site staging.yaml',
      });
  });

  it('is an interruption only before the record was begun', () => {
    const thrown = new Error('disk full');
    expect(brokenOff(thrown, { ...state, interrupted: true })).toMatchObject({ exit: 'interrupted' });
    expect(brokenOff(thrown, { ...state, interrupted: true, begun: true })).toBe(thrown);
  });

  it('is for the user to mend where the site refused a call or is silent, and keeps its own words where it has some', () => {
    const denied = brokenOff(refusal('AccessDeniedException', 403), state);
    expect(denied).toMatchObject({ exit: 'usage', code: 'call-refused', hint: expect.stringContaining('docs/running-on-aws.md') });
    expect(brokenOff(refusal('ThrottlingException', 400), state)).toMatchObject({ hint: expect.not.stringContaining('permissions') });
    expect(brokenOff(Object.assign(new Error(''), { code: 'ECONNREFUSED' }), state)).toMatchObject({ code: 'site-unreachable', exit: 'usage' });
    const own = new ProofloadError('unknown-output', 'no output');
    expect(brokenOff(own, state)).toBe(own);
  });
});
