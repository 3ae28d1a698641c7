import type { Comparison } from '../grade/compare/types.ts';
import type { Assessment, Verdict } from '../grade/types.ts';
import { verdictWords } from './words.ts';

/** The order in which exit codes go: what cannot be told is worse than what failed. */
const ranks: readonly Verdict[] = ['pass', 'warning', 'fail', 'no-data', 'invalid'];

/**
 * What a page says first of a run that was compared: the worse of its own verdict and the comparison's, as `gate` ends, and why; the run's own without a
 * comparison.
 */
export function overall({ verdict, reasons }: Assessment, comparison: Comparison | undefined): Pick<Assessment, 'verdict' | 'reasons'> {
  const own = reasons.length > 0 ? reasons : [verdictWords[verdict].sentence];
  if (!comparison) return { verdict, reasons: own };
  const compared = comparison.reasons.map((reason) => `Against run ${comparison.reference.runId}: ${reason}`);
  const isWorse = ranks.indexOf(comparison.verdict) > ranks.indexOf(verdict);
  return isWorse
    ? { verdict: comparison.verdict, reasons: [...compared, ...own.map((reason) => `This run alone: ${reason}`)] }
    : { verdict, reasons: [...own, ...compared] };
}
