import type { Cancel } from '../../../core/clock.ts';
import type { LabContext, LabService } from '../../contract.ts';
import { AutoScaling } from './auto-scaling.ts';
import { autoScalingResources } from './auto-scaling-resources.ts';
import { batchOperations } from './batch-operations.ts';
import { itemOperations } from './item-operations.ts';
import { queryOperations } from './query-operations.ts';
import { tableOperations } from './table-operations.ts';
import { tableResource } from './table-resource.ts';
import { Tables } from './tables.ts';
import { transactGetItems } from './transact-get.ts';
import { transactWriteItems } from './transact-write.ts';
import { upkeepOperations } from './upkeep-operations.ts';

/** Amazon DynamoDB: dynalite's semantics with AWS's capacity, throttling and metrics. */
export function createDynamoDbService(context: LabContext): LabService {
  const tables = new Tables(context);
  let stop: Cancel | undefined;
  const scaling = new AutoScaling(tables);
  const provisionedMinutes = context.quotas.number('dynamodb.provisioned-metrics-minutes');
  let minutes = 0;
  const everyMinute = (): void => {
    stop = context.clock.schedule(60_000, () => {
      tables.fit();
      scaling.minute();
      if (minutes++ % provisionedMinutes === 0) tables.publishProvisioned();
      everyMinute();
    });
  };
  return {
    name: 'dynamodb',
    operations: {
      ...itemOperations(tables),
      ...queryOperations(tables),
      ...batchOperations(tables),
      TransactGetItems: transactGetItems(tables),
      TransactWriteItems: transactWriteItems(tables),
      ...tableOperations(tables),
      ...upkeepOperations(tables),
    },
    resources: [tableResource(context, tables), ...autoScalingResources(scaling)],
    start: everyMinute,
    stop: () => stop?.(),
  };
}
