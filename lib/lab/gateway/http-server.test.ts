import { expect, it } from 'vitest';
import { monotonicMs } from '../../core/clock.ts';
import { startHttpServer } from './http-server.ts';

it('counts the time in which an answer waits to be sent as excess, and only beyond what was meant', async () => {
  const excess: number[] = [];
  const series = { add: (value: number) => void excess.push(value) };
  const server = await startHttpServer({
    port: 0,
    idleConnectionMs: 1000,
    maxBodyBytes: 1000,
    doors: [],
    describe: () => ({}),
    wire: async ({ path }) => {
      // What else runs in the turn in which the answer is ready.
      queueMicrotask(() => queueMicrotask(() => busy(30)));
      return { status: 200, headers: {}, body: '', modelledMs: path === '/meant' ? 10_000 : 0, excess: series };
    },
  });
  for (const path of ['/late', '/meant']) await (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
  await server.close();
  expect(excess).toEqual([expect.any(Number), 0]);
  expect(excess[0]).toBeGreaterThanOrEqual(30);
});

function busy(ms: number): void {
  for (const endMs = monotonicMs() + ms; monotonicMs() < endMs; );
}
