import { ProofloadError } from '../core/errors.ts';
import type { StackSource } from '../template/index.ts';
import type { LabContext, LabService } from './contract.ts';
import { createCloudWatchService } from './services/cloudwatch/service.ts';
import type { MetricStore } from './services/cloudwatch/store.ts';
import { createStsService } from './services/sts/service.ts';

export interface Services {
  readonly all: readonly LabService[];
  /** Creates what a template describes; throws ProofloadError when it cannot be loaded. */
  loadStack(source: StackSource): Promise<void>;
}

/** Every service of the lab; a new one is one line here. */
export function createServices(context: LabContext, store: MetricStore): Services {
  return {
    all: [createStsService(context), createCloudWatchService(context, store)],
    loadStack: (source) => Promise.reject(new ProofloadError('no-cloudformation', `this lab has no CloudFormation to load ${source.file} with`)),
  };
}
