import type { Clock } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Numbers } from '../../../core/numbers.ts';

/**
 * Admits calls of one operation at its documented rate: a bucket of one second's calls that refills steadily (the size is
 * assumed: CloudWatch documents the rate alone). An operation without a number `cloudwatch.tps-<operation>` is not limited.
 */
export function createCallRates(clock: Clock, quotas: Numbers): (operation: string) => () => void {
  return (operation) => {
    const key = `cloudwatch.tps-${operation}`;
    if (!quotas.has(key)) return () => undefined;
    const perSec = quotas.number(key);
    let tokens = perSec;
    let filledMs = clock.now();
    return () => {
      const nowMs = clock.now();
      tokens = Math.min(perSec, tokens + ((nowMs - filledMs) / 1000) * perSec);
      filledMs = nowMs;
      if (tokens < 1) throw new AwsError('ThrottlingException', 'Rate exceeded');
      tokens -= 1;
    };
  };
}
