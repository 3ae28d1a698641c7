import { unusedCapacity as unusedOf } from '../dynamodb.ts';
import type { ReasonFinder } from './reason.ts';

/** Capacity of provisioned tables that was held and not used. */
export const unusedCapacity: ReasonFinder = ({ context, items }) =>
  context.resources
    .filter(({ type }) => type === 'AWS::DynamoDB::Table')
    .flatMap((resource) =>
      unusedOf(resource, context).flatMap(({ dimension, units, share }) => {
        const item = items.find((each) => each.resource === resource.logicalId && each.dimension === dimension);
        if (!item || share === 0) return [];
        const what = 'provisioned and not consumed';
        return [
          {
            reason: 'unused capacity' as const,
            resource: resource.logicalId,
            quantity: units,
            unit: item.unit,
            usd: item.usd * share,
            inTotal: true,
            what,
          },
        ];
      }),
    );
