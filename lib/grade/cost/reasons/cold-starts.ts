import { gbSeconds } from '../../../models/price.ts';
import type { ResourceConfiguration } from '../../../record/types.ts';
import type { CostReason } from '../../types.ts';
import { isOf } from '../bill.ts';
import { charge, sumOf } from '../charge.ts';
import { computeDimension, functionTypes, memoryOf } from '../lambda.ts';
import type { ReasonFinder, ReasonSource } from './reason.ts';

/**
 * Init time is billed and in no metric. As many environments as ran at once were started one time or other; what their init phase takes is measured of
 * small functions. So it is inferred, and no part of the total.
 */
export const coldStarts: ReasonFinder = (source) =>
  source.context.resources.filter(({ type }) => functionTypes.includes(type)).flatMap((resource) => coldStartsOf(resource, source));

function coldStartsOf(resource: ResourceConfiguration, { context }: ReasonSource): CostReason[] {
  const { metrics, prices } = context;
  const runtime = resource.configuration['Runtime'];
  const initMs = prices.has('lambda.init-ms') && typeof runtime === 'string' ? prices.table('lambda.init-ms')[runtime] : undefined;
  const memoryMb = memoryOf(resource);
  const series = metrics.filter(
    (each) => each.namespace === 'AWS/Lambda' && each.metric === 'ConcurrentExecutions' && each.resource !== '' && isOf(each, resource),
  );
  const environments = Math.max(
    0,
    ...series.filter(({ statistic }) => statistic === 'Maximum').flatMap(({ points }) => points.map(({ value }) => value)),
  );
  if (initMs === undefined || memoryMb === undefined || environments === 0) return [];
  const quantity = gbSeconds(environments * initMs, memoryMb);
  const usd = sumOf(charge([{ resource: resource.logicalId, dimension: computeDimension(resource), quantity, source: '' }], prices));
  const what = `inferred: the most environments that ran at once, an Init Duration of ${initMs} ms each (median of small ${String(runtime)} functions)`;
  return [{ reason: 'cold starts', resource: resource.logicalId, quantity: environments, unit: 'environments', usd, inTotal: false, what }];
}
