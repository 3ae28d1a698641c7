/** Fails as the event asks: `{ fail: true }` always. */
export async function handler(event: { fail?: boolean }): Promise<unknown> {
  if (event.fail) throw new TypeError('as asked');
  return { done: event };
}
