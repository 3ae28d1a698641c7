import { charge, sumOf } from '../charge.ts';
import { queueTypes, queueUsage, requestDimension } from '../sqs.ts';
import type { ReasonFinder } from './reason.ts';

/** Receives that found nothing: Lambda's pollers go on asking a queue that is empty, and each ask is a request. */
export const idlePollers: ReasonFinder = ({ context }) =>
  context.resources.flatMap((resource) => {
    if (!queueTypes.includes(resource.type)) return [];
    const empty = queueUsage(resource, context, 'NumberOfEmptyReceives')?.total ?? 0;
    if (empty === 0) return [];
    const usd = sumOf(charge([{ resource: resource.logicalId, dimension: requestDimension(resource), quantity: empty, source: '' }], context.prices));
    const what = 'receives that found nothing';
    return [{ reason: 'idle pollers', resource: resource.logicalId, quantity: empty, unit: 'empty receives', usd, inTotal: true, what }];
  });
