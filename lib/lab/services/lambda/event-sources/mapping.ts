import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { dateOf } from '../../../../core/time-format.ts';
import type { MappingSettings } from './mapping-settings.ts';
import type { Pollers } from './pollers.ts';

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** One event source mapping. */
export interface Mapping {
  readonly uuid: string;
  readonly arn: string;
  readonly queueArn: string;
  functionName: string;
  functionArn: string;
  settings: MappingSettings;
  state: MappingState;
  modifiedMs: number;
  /** While it reads the queue. */
  pollers: Pollers | undefined;
  /** Of the change under way; what a change before it had still to do is dropped. */
  change: number;
}

/** As AWS describes it. */
export function descriptionOf(mapping: Mapping): EventSourceMappingConfiguration {
  const { settings } = mapping;
  return {
    UUID: mapping.uuid,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.windowSec,
    EventSourceArn: mapping.queueArn,
    FunctionArn: mapping.functionArn,
    LastModified: dateOf(mapping.modifiedMs),
    State: mapping.state,
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: settings.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ...(settings.maxConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: settings.maxConcurrency } }),
    EventSourceMappingArn: mapping.arn,
  };
}
