import type { CostReason } from '../../types.ts';
import { coldStarts } from './cold-starts.ts';
import { idlePollers } from './idle-pollers.ts';
import type { ReasonFinder, ReasonSource } from './reason.ts';
import { retries } from './retries.ts';
import { throttledAttempts } from './throttled-attempts.ts';
import { unusedCapacity } from './unused-capacity.ts';

/** Every reason that is looked for; a new one is a file and a line here. */
const finders: readonly ReasonFinder[] = [retries, coldStarts, idlePollers, throttledAttempts, unusedCapacity];

/** Money that went into no transaction, by reason and resource, the dearest of a reason first. */
export function costReasons(source: ReasonSource): CostReason[] {
  return finders.flatMap((find) => find(source).sort((a, b) => b.usd - a.usd));
}
