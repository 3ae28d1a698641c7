import { AwsError } from '../../../core/errors.ts';
import type { Throttle } from '../../../models/apigateway/throttle.ts';

/** A rate and a burst as templates give them. They count together, as the console sets them; one alone leaves the other without limit (not documented: assumed). */
export function throttleSetting(rate: unknown, burst: unknown): Throttle | undefined {
  if (rate === undefined && burst === undefined) return undefined;
  const ratePerSec = rate === undefined ? Number.POSITIVE_INFINITY : limitOf('rate', rate);
  return { ratePerSec, burst: burst === undefined ? Math.max(1, ratePerSec) : limitOf('burst', burst) };
}

function limitOf(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new AwsError('BadRequestException', `Invalid ${name} limit ${String(value)}: it must be a number of 0 or more`);
}
