import type { RunSummary, SummaryFigure } from '../../record/history/summary.ts';
import { changePoints } from '../../stats/change-points.ts';

/** Where a figure changed for good: the first run that shows it. */
export interface TrendChange {
  readonly runId: string;
  /** The commit of that run; absent where it was in no repository. */
  readonly commit?: string;
  readonly before: number;
  readonly after: number;
  readonly pValue: number;
}

/** One figure over the runs that have it, oldest first. */
export interface Trend extends Pick<SummaryFigure, 'sli' | 'phase' | 'unit'> {
  readonly values: readonly { readonly runId: string; readonly value: number }[];
  readonly changes: readonly TrendChange[];
}

/** Runs that show how the system behaves: the others measured nothing that can be trusted. */
function isMeasured({ verdict }: RunSummary): boolean {
  return verdict !== 'invalid' && verdict !== 'no-data';
}

/**
 * How each figure went over `runs` (oldest first), and where it changed: E-divisive with the t-test. Only runs with the newest one's site and clock are
 * looked at, since another machine's figures are no change of the system.
 * @param significance of a change point
 */
export function trendsOf(runs: readonly RunSummary[], significance: number): Trend[] {
  const newest = runs.at(-1);
  if (!newest) return [];
  const place = ({ site, timeScale }: RunSummary): string => [site.kind, site.account, site.region, timeScale].join(' ');
  const measured = runs.filter((run) => isMeasured(run) && place(run) === place(newest));
  return newest.figures.map(({ sli, phase, unit }) => {
    const values = measured.flatMap(({ runId, source, figures }) => {
      const value = figures.find((each) => each.sli === sli && each.phase === phase)?.value;
      return value === undefined ? [] : [{ runId, value, commit: source?.commit }];
    });
    const changes = changePoints(
      values.map(({ value }) => value),
      { significance },
    ).flatMap(({ index, meanBefore, meanAfter, pValue }): TrendChange[] => {
      const at = values[index];
      if (!at) return [];
      return [{ runId: at.runId, ...(at.commit ? { commit: at.commit } : {}), before: meanBefore, after: meanAfter, pValue }];
    });
    return { sli, phase, unit, values: values.map(({ runId, value }) => ({ runId, value })), changes };
  });
}
