import type { ResourceConfiguration } from '../../../record/types.ts';
import type { CostReason } from '../../types.ts';
import { usage } from '../bill.ts';
import { charge, sumOf } from '../charge.ts';
import { functionTypes, functionUsage } from '../lambda.ts';
import { batchSize, queueTypes, queueUsage, requestDimension } from '../sqs.ts';
import type { ReasonFinder, ReasonSource } from './reason.ts';

/** Attempts that failed and were billed: whoever made them makes them again, or made them in vain. */
export const retries: ReasonFinder = (source) =>
  source.context.resources.flatMap((resource) => {
    if (functionTypes.includes(resource.type)) return failedInvocations(resource, source);
    if (queueTypes.includes(resource.type)) return repeatedDeliveries(resource, source);
    return resource.type === 'AWS::DynamoDB::Table' ? failedConditions(resource, source) : [];
  });

/** A failed invocation is billed as any other; CloudWatch tells how many failed, not how long they took. */
function failedInvocations(resource: ResourceConfiguration, { context, items }: ReasonSource): CostReason[] {
  const [errors, invocations] = ['Errors', 'Invocations'].map((metric) => functionUsage(resource, context, metric)?.total ?? 0);
  if (!errors || !invocations) return [];
  const usd = sumOf(items.filter((item) => item.resource === resource.logicalId)) * Math.min(1, errors / invocations);
  const what = 'invocations that failed, at the mean of all its invocations; each retry is among them where it failed, too';
  return [{ reason: 'retries', resource: resource.logicalId, quantity: errors, unit: 'failed invocations', usd, inTotal: true, what }];
}

/** Messages that were received and not deleted come again, or go to the dead-letter queue. */
function repeatedDeliveries(resource: ResourceConfiguration, { context }: ReasonSource): CostReason[] {
  const [received, deleted] = ['Received', 'Deleted'].map((metric) => queueUsage(resource, context, `NumberOfMessages${metric}`)?.total ?? 0);
  const quantity = (received ?? 0) - (deleted ?? 0);
  if (quantity <= 0) return [];
  const requests = Math.ceil(quantity / batchSize);
  const usd = sumOf(
    charge([{ resource: resource.logicalId, dimension: requestDimension(resource), quantity: requests, source: '' }], context.prices),
  );
  const what = 'deliveries that did not end in a deletion, ten in a request: they come again, or go to the dead-letter queue';
  return [{ reason: 'retries', resource: resource.logicalId, quantity, unit: 'deliveries', usd, inTotal: true, what }];
}

/** A write whose condition does not hold consumes write units all the same, one at least. */
function failedConditions(resource: ResourceConfiguration, { context, items }: ReasonSource): CostReason[] {
  const failed =
    usage(context, resource, { namespace: 'AWS/DynamoDB', metric: 'ConditionalCheckFailedRequests', dimensions: ['TableName'] })?.total ?? 0;
  const dimension = 'dynamodb.write-request-unit';
  if (failed === 0 || !items.some((item) => item.resource === resource.logicalId && item.dimension === dimension)) return [];
  const usd = sumOf(charge([{ resource: resource.logicalId, dimension, quantity: failed, source: '' }], context.prices));
  const what = 'writes whose condition did not hold, one write unit each at least';
  return [{ reason: 'retries', resource: resource.logicalId, quantity: failed, unit: 'failed conditions', usd, inTotal: true, what }];
}
