import type { RunSummary } from '../../record/history/summary.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { Criterion } from '../criteria.ts';
import type { ComparisonRule, Objectives } from '../objectives.ts';
import type { EarlierValue } from '../score.ts';

/** Whether any criterion is held against earlier runs. */
export function comparesWithEarlier({ objectives }: Objectives): boolean {
  const relative = (criterion: Criterion): boolean => criterion.relative !== undefined;
  return objectives.some(({ pass, warning }) => [...pass, ...warning].flat().some(relative));
}

/** Whether a run of this verdict is a result that relative criteria compare with. */
export function isResult({ verdict }: Pick<RunSummary, 'verdict'>, include: ComparisonRule['include']): boolean {
  if (verdict === 'pass') return true;
  return include === 'all' ? verdict === 'warning' || verdict === 'fail' : include === 'pass_or_warn' && verdict === 'warning';
}

/** The values of earlier runs as one, by Keptn's aggregate functions; runs without a value are left out. */
export function earlierValues(runs: readonly RunSummary[], { aggregate }: ComparisonRule): EarlierValue {
  return (sli, phase) => {
    const values = runs.flatMap(({ figures }) => {
      const found = figures.find((figure) => figure.sli === sli && figure.phase === phase)?.value;
      return found === undefined ? [] : [found];
    });
    if (values.length === 0) return undefined;
    if (aggregate === 'avg') return values.reduce((sum, value) => sum + value, 0) / values.length;
    return quantileOfSorted(
      values.sort((a, b) => a - b),
      Number(aggregate.slice(1)) / 100,
    );
  };
}
