import type { Numbers } from '../../../../core/numbers.ts';
import { constraint, invalidParameter } from '../errors.ts';

/** What of a mapping Update changes. */
export interface MappingSettings {
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSec: number;
  /** ReportBatchItemFailures. */
  readonly reportsFailures: boolean;
  readonly maxConcurrency: number | undefined;
}

/** Members of CreateEventSourceMapping and UpdateEventSourceMapping, and properties of the CloudFormation type, that make up the settings. */
export interface SettingsInput {
  readonly Enabled?: boolean | undefined;
  readonly BatchSize?: number | undefined;
  readonly MaximumBatchingWindowInSeconds?: number | undefined;
  readonly FunctionResponseTypes?: readonly string[] | undefined;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number | undefined } | undefined;
}

/** `before` (default: AWS's defaults) with what `input` says. Throws AWS's errors. */
export function mappingSettings(input: SettingsInput, quotas: Numbers, before?: MappingSettings): MappingSettings {
  const { FunctionResponseTypes: responseTypes, ScalingConfig: scaling } = input;
  const settings = {
    enabled: input.Enabled ?? before?.enabled ?? true,
    batchSize: input.BatchSize ?? before?.batchSize ?? quotas.number('lambda.event-source-batch-default'),
    windowSec: input.MaximumBatchingWindowInSeconds ?? before?.windowSec ?? 0,
    reportsFailures: responseTypes ? responseTypes.length > 0 : (before?.reportsFailures ?? false),
    maxConcurrency: scaling ? scaling.MaximumConcurrency : before?.maxConcurrency,
  };
  const unknown = responseTypes?.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined)
    throw constraint(`[${unknown}]`, 'functionResponseTypes', 'satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]');
  checkRange(settings.batchSize, 'batchSize', 1, quotas.number('lambda.event-source-batch-max'));
  checkRange(settings.windowSec, 'maximumBatchingWindowInSeconds', 0, quotas.number('lambda.event-source-window-max'));
  const { min = 0, max = 0 } = quotas.table('lambda.event-source-concurrency');
  if (settings.maxConcurrency !== undefined) checkRange(settings.maxConcurrency, 'scalingConfig.maximumConcurrency', min, max);
  const unwindowed = quotas.number('lambda.event-source-batch-unwindowed-max');
  if (settings.batchSize > unwindowed && settings.windowSec === 0)
    throw invalidParameter(`Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${unwindowed}`);
  return settings;
}

function checkRange(value: number, member: string, min: number, max: number): void {
  if (!(value >= min)) throw constraint(value, member, `have value greater than or equal to ${min}`);
  if (value > max) throw constraint(value, member, `have value less than or equal to ${max}`);
}
