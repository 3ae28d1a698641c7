import type { ResourceConfiguration } from '../../record/types.ts';
import { type BillContext, type Biller, missing, priced, together, usage } from './bill.ts';

/** Request units of a table on demand, capacity-unit hours of a provisioned one. Storage is left out and named. */
export const dynamodbBiller: Biller = {
  types: ['AWS::DynamoDB::Table'],
  bill(resource, context) {
    const storage = missing(`${resource.logicalId}: storage`);
    return together(isOnDemand(resource) ? requestUnits(resource, context) : provisionedUnits(resource, context), storage);
  },
};

function requestUnits(resource: ResourceConfiguration, context: BillContext) {
  const sides = [
    ['ConsumedReadCapacityUnits', 'dynamodb.read-request-unit'],
    ['ConsumedWriteCapacityUnits', 'dynamodb.write-request-unit'],
  ] as const;
  return together(
    ...sides.map(([metric, dimension]) => {
      const table = usage(context, resource, { namespace: 'AWS/DynamoDB', metric, dimensions: ['TableName'] });
      const indexes = usage(context, resource, { namespace: 'AWS/DynamoDB', metric, dimensions: ['GlobalSecondaryIndexName', 'TableName'] });
      if (!table) return missing(`${resource.logicalId}: AWS/DynamoDB ${metric} was not collected`);
      const complete = table.complete && indexes?.complete !== false;
      return priced(context, resource.logicalId, dimension, table.total + (indexes?.total ?? 0), table.source, complete);
    }),
  );
}

/** Of the table and of its indexes, which have a capacity of their own. */
function provisionedUnits(resource: ResourceConfiguration, context: BillContext) {
  const indexes = resource.configuration['GlobalSecondaryIndexes'];
  const parts = [resource.configuration, ...(Array.isArray(indexes) ? (indexes as Readonly<Record<string, unknown>>[]) : [])];
  const source = 'provisioned capacity x duration of the run';
  const sides = [
    ['ReadCapacityUnits', 'dynamodb.read-capacity-unit-hour'],
    ['WriteCapacityUnits', 'dynamodb.write-capacity-unit-hour'],
  ] as const;
  return together(
    ...sides.map(([name, dimension]) => {
      const units = parts.map((part) => objectAt(part, 'ProvisionedThroughput')?.[name]);
      if (!units.every((each) => typeof each === 'number')) return missing(`${resource.logicalId}: its capacity is not in the record`);
      const sum = units.reduce((total, each) => total + each, 0);
      return priced(context, resource.logicalId, dimension, sum * context.hours, source);
    }),
  );
}

/** DescribeTable says it in BillingModeSummary, a template in BillingMode. */
function isOnDemand({ configuration }: ResourceConfiguration): boolean {
  const mode = objectAt(configuration, 'BillingModeSummary')?.['BillingMode'] ?? configuration['BillingMode'];
  return mode === 'PAY_PER_REQUEST';
}

function objectAt(configuration: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = configuration[name];
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
}
