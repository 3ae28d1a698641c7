import { expect, it } from 'vitest';
import type { Warning } from '../record/types.ts';
import { Interruption } from './interruption.ts';
import type { Session } from './session.ts';
import { heedStrays } from './strays.ts';

it('a failure that nobody waited for ends the run in order, as invalid', () => {
  const warnings: Warning[] = [];
  const interruption = new Interruption();
  const handlers = new Set<(thrown: unknown) => void>();
  const onStray = (handler: (thrown: unknown) => void) => {
    handlers.add(handler);
    return () => void handlers.delete(handler);
  };
  const session = { journal: { warn: (warning: Warning) => warnings.push(warning) }, interruption } as unknown as Session;
  const unheed = heedStrays({ onStray }, session);
  for (const handler of handlers) handler(new Error('the promise of nobody'));
  expect(warnings).toMatchObject([{ code: 'stray-failure', message: expect.stringContaining('the promise of nobody'), invalidates: true }]);
  expect(interruption.signal.aborted).toBe(true);
  expect(interruption.hurry.aborted).toBe(false);
  unheed();
  expect(handlers.size).toBe(0);
});
