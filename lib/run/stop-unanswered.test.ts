import { FisClient } from '@aws-sdk/client-fis';
import { expect, it } from 'vitest';
import { virtualClock } from '../core/clock.ts';
import type { Session } from './session.ts';
import { stopUnanswered } from './stop-unanswered.ts';

const entry = { runId: 'r', place: '/p', fault: 'throttle', setting: 's', resource: 'shop', found: '7', set: '1' };

/** What is kept for `recover`, and how often FIS was asked, after a start that failed with `thrown` on a site that does not list experiments. */
async function after(thrown: unknown): Promise<{ kept: string[]; asked: number }> {
  const kept: string[] = [];
  let asked = 0;
  const handle = () => {
    asked++;
    return Promise.reject(new Error('connect ECONNREFUSED'));
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const fis = new FisClient({ region: 'us-east-1', credentials, maxAttempts: 1, requestHandler: { handle } as never });
  const undo = { left: () => [entry], keep: (_entry: object, why: string) => kept.push(why) };
  await stopUnanswered(thrown, 'throttle', { undo, chaos: { clients: { fis }, clock: virtualClock() } } as unknown as Session);
  return { kept, asked };
}

it('keeps the undo of a fault of which nobody can say whether it was started', async () => {
  const { kept, asked } = await after(new Error('socket hang up'));
  expect(kept).toEqual([expect.stringContaining('cannot be listed: connect ECONNREFUSED')]);
  expect(asked).toBe(1);
});

it('asks nothing after a start that FIS refused', async () => {
  const refused = Object.assign(new Error('no such template'), { $metadata: { httpStatusCode: 404 } });
  expect(await after(refused)).toEqual({ kept: [], asked: 0 });
});
