import { ProofloadError } from '../../core/errors.ts';
import { nearestName } from '../../core/nearest.ts';
import { costMonthIndicator } from './cost-month.ts';
import { costPerThousandIndicator } from './cost-per-thousand.ts';
import { costRunIndicator } from './cost-run.ts';
import { droppedArrivalsIndicator } from './dropped-arrivals.ts';
import { errorRateIndicator } from './error-rate.ts';
import type { Indicator } from './indicator.ts';
import { integrityIndicator } from './integrity.ts';
import { latencyIndicators } from './latency.ts';
import { requestRateIndicator } from './request-rate.ts';
import { throttlesIndicator } from './throttles.ts';
import { timeToRecoverIndicator } from './time-to-recover.ts';

/** Every indicator that an objective can name; a new one is a file and a line here. */
export const indicators: readonly Indicator[] = [
  ...latencyIndicators,
  errorRateIndicator,
  requestRateIndicator,
  throttlesIndicator,
  timeToRecoverIndicator,
  costPerThousandIndicator,
  costRunIndicator,
  costMonthIndicator,
  droppedArrivalsIndicator,
  integrityIndicator,
];

/**
 * The indicator that `sli` names and its argument: `latency_p99`, `latency_p99:place-order`, `throttles:lambda:PlaceOrderFunction`.
 * @throws ProofloadError `unknown-indicator` naming the nearest one
 */
export function parseSli(sli: string, where: string): { indicator: Indicator; argument: string | undefined } {
  const colon = sli.indexOf(':');
  const name = colon < 0 ? sli : sli.slice(0, colon);
  const argument = colon < 0 ? undefined : sli.slice(colon + 1);
  const names = indicators.map((each) => each.name);
  const indicator = indicators.find((each) => each.name === name);
  if (!indicator) {
    const nearest = nearestName(name, names);
    throw new ProofloadError('unknown-indicator', `${where}: there is no indicator ${name}${nearest ? `; did you mean ${nearest}?` : ''}`, {
      hint: `indicators are: ${names.join(', ')}`,
    });
  }
  if (argument !== undefined && (!indicator.argument || argument === ''))
    throw new ProofloadError(
      'unknown-indicator',
      `${where}: ${name} ${indicator.argument ? `needs ${indicator.argument} after the colon` : 'takes nothing after a colon'}`,
      {
        hint: `${name}: ${indicator.meaning}`,
      },
    );
  return { indicator, argument };
}
