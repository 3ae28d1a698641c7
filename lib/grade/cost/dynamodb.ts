import { storedBytes } from '../../models/price.ts';
import type { ResourceConfiguration } from '../../record/types.ts';
import { type Bill, type BillContext, type Biller, metering, missing, monthsOf, together, untold, usage, used } from './bill.ts';

/** The two sides of a table: what CloudWatch calls them, what the price list calls them. */
const sides = [
  {
    consumed: 'ConsumedReadCapacityUnits',
    provisioned: 'ReadCapacityUnits',
    onDemand: 'dynamodb.read-request-unit',
    hour: 'dynamodb.read-capacity-unit-hour',
  },
  {
    consumed: 'ConsumedWriteCapacityUnits',
    provisioned: 'WriteCapacityUnits',
    onDemand: 'dynamodb.write-request-unit',
    hour: 'dynamodb.write-capacity-unit-hour',
  },
] as const;

type Configuration = Readonly<Record<string, unknown>>;

/** Request units of a table on demand, capacity-unit hours of a provisioned one, and its storage where the record tells its size. */
export const dynamodbBiller: Biller = {
  types: ['AWS::DynamoDB::Table'],
  bill(resource, context) {
    const { logicalId, configuration } = resource;
    const tableClass = configuration['TableClass'];
    if (tableClass !== undefined && tableClass !== 'STANDARD') return missing(`${logicalId}: table class ${String(tableClass)}`);
    return together(isOnDemand(configuration) ? requestUnits(resource, context) : provisionedUnits(resource, context), storage(resource, context));
  },
};

function requestUnits(resource: ResourceConfiguration, context: BillContext): Bill {
  return together(
    ...sides.map(({ consumed, onDemand }) => {
      const units = consumedUnits(resource, context, consumed);
      if (!units) return missing(`${resource.logicalId}: AWS/DynamoDB ${consumed} was not collected`);
      return used(context, resource.logicalId, onDemand, units.total, units.source, units.complete);
    }),
  );
}

/** What CloudWatch counted of the table and of its global indexes. */
function consumedUnits(resource: ResourceConfiguration, context: BillContext, metric: string) {
  const table = usage(context, resource, { namespace: 'AWS/DynamoDB', metric, dimensions: ['TableName'] });
  const indexes = usage(context, resource, { namespace: 'AWS/DynamoDB', metric, dimensions: ['GlobalSecondaryIndexName', 'TableName'] });
  return table && { ...table, total: table.total + (indexes?.total ?? 0), complete: table.complete && indexes?.complete !== false };
}

function provisionedUnits(resource: ResourceConfiguration, context: BillContext): Bill {
  return together(
    ...sides.map(({ provisioned, hour }) => {
      const units = capacityOf(resource.configuration, provisioned);
      if (units === undefined) return missing(`${resource.logicalId}: its capacity is not in the record`);
      return used(context, resource.logicalId, hour, units * context.hours, 'provisioned capacity x duration of the run');
    }),
  );
}

/** Of the table and of its indexes, which have a capacity of their own. */
function capacityOf(configuration: Configuration, side: string): number | undefined {
  const units = [configuration, ...indexesOf(configuration)].map((part) => objectAt(part, 'ProvisionedThroughput')?.[side]);
  return units.every((each) => typeof each === 'number') ? units.reduce((total, each) => total + each, 0) : undefined;
}

/** Capacity that was held and not used, as a share of what was held, by dimension; none of a table on demand. */
export function unusedCapacity(resource: ResourceConfiguration, context: BillContext): { dimension: string; units: number; share: number }[] {
  if (isOnDemand(resource.configuration)) return [];
  return sides.flatMap(({ consumed, provisioned, hour }) => {
    const held = (capacityOf(resource.configuration, provisioned) ?? 0) * context.hours;
    const units = consumedUnits(resource, context, consumed);
    if (!units?.complete || held === 0) return [];
    const free = Math.max(0, held - units.total / 3600);
    return [{ dimension: hour, units: free, share: free / held }];
  });
}

/** Items, what is added to each, and what the indexes hold; for as long as the run lasted. */
function storage({ logicalId, stored }: ResourceConfiguration, context: BillContext): Bill {
  if (!stored) return untold(`${logicalId}: storage`);
  const bytes = storedBytes(stored.bytes, stored.items, metering(context.prices, 'dynamodb.item-overhead-bytes', 0));
  const gb = bytes / metering(context.prices, 'price.gb-bytes', 2 ** 30);
  return used(context, logicalId, 'dynamodb.storage-gb-month', gb * monthsOf(context), 'DescribeTable x duration of the run');
}

/** DescribeTable says it in BillingModeSummary, a template in BillingMode. */
function isOnDemand(configuration: Configuration): boolean {
  const mode = objectAt(configuration, 'BillingModeSummary')?.['BillingMode'] ?? configuration['BillingMode'];
  return mode === 'PAY_PER_REQUEST';
}

function indexesOf(configuration: Configuration): readonly Configuration[] {
  const indexes = configuration['GlobalSecondaryIndexes'];
  return Array.isArray(indexes) ? (indexes as readonly Configuration[]) : [];
}

function objectAt(configuration: Configuration, name: string): Configuration | undefined {
  const found = configuration[name];
  return typeof found === 'object' && found !== null ? (found as Configuration) : undefined;
}
