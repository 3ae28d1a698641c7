import type { LabContext, LabService } from '../../contract.ts';
import type { MetricStore } from './store.ts';

/** Amazon CloudWatch over what the lab's services published into `store`. */
export function createCloudWatchService(_context: LabContext, _store: MetricStore): LabService {
  return { name: 'monitoring', operations: {} };
}
