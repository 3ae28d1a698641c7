import { setTimeout as sleep } from 'node:timers/promises';

/** Does as the event asks: `{ fail: true }` throws, `{ ms }` takes so long. */
export async function handler(event: { fail?: boolean; ms?: number }): Promise<unknown> {
  if (event.ms !== undefined) await sleep(event.ms);
  if (event.fail) throw new TypeError('as asked');
  return { done: event };
}
