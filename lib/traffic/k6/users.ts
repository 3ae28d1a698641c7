import { ProofloadError } from '../../core/errors.ts';
import type { ArrivalSchedule } from '../schedule.ts';

/**
 * Memory of one k6 virtual user that a plan reserves. k6's documentation ("Running large tests") says 1 to 5 MB; a small
 * flow took 0.2 MB here. Half of the machine's memory may go to them.
 */
const reservedMbPerUser = 2;

/** How many virtual users a machine with so much memory may be asked for. */
export function virtualUserLimit(totalMemoryBytes: number): number {
  return Math.max(1, Math.floor(totalMemoryBytes / 2 / (reservedMbPerUser * 1024 * 1024)));
}

/**
 * How many virtual users a flow needs so that none of its arrivals has to wait for one, in the worst case: every pass
 * takes `longestFlowSec` (its time-outs and think times included). That is the most arrivals that any stretch of that
 * length holds: peak rate x longest flow where the peak lasts as long, less where it is a short spike. One more covers
 * the arrival at the stretch's edge.
 *
 * All of them exist before the first arrival: k6 would make a missing one during the run, and drop arrivals meanwhile.
 * Throws ProofloadError `too-many-virtual-users` above `limit`.
 */
export function planVirtualUsers(schedule: ArrivalSchedule, longestFlowSec: number, limit: number): number {
  if (!(longestFlowSec > 0)) throw new ProofloadError('bad-flow-length', `the longest flow takes ${longestFlowSec} s; it must be above 0`);
  const needed = Math.ceil(schedule.mostWithin(longestFlowSec)) + 1;
  if (needed <= limit) return needed;
  const message = `${needed} virtual users are needed (up to ${schedule.peakPerSec} arrivals a second, ${longestFlowSec} s each), this machine can hold ${limit}`;
  throw new ProofloadError('too-many-virtual-users', message, {
    hint: 'lower the rate, shorten the longest flow (its time-outs), or raise the limit on a machine with more memory',
  });
}
