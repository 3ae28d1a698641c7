import { setTimeout as sleep } from 'node:timers/promises';

interface Step {
  readonly do?: string;
  /** How many attempts fail. */
  readonly failures?: number;
  readonly attempt?: number;
}

class Flaky extends Error {
  override name = 'Flaky';
}

/** A step of a workflow for tests: does what its input asks for. */
export async function handler(event: Step): Promise<unknown> {
  if ((event.attempt ?? 0) < (event.failures ?? 0)) throw new Flaky(`attempt ${event.attempt} fails`);
  switch (event.do) {
    case 'throw':
      throw new RangeError('no such card');
    case 'sleep':
      await sleep(5000);
      return null;
    default:
      return { told: event.do ?? 'nothing', attempt: event.attempt ?? 0 };
  }
}
