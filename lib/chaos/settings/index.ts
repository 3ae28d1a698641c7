import { ProofloadError } from '../../core/errors.ts';
import type { RestorableSetting } from '../types.ts';
import { cloudwatchAlarm } from './cloudwatch-alarm.ts';
import { dynamodbHotKey } from './dynamodb-hot-key.ts';
import { dynamodbProvisionedWriteCapacity } from './dynamodb-provisioned-write-capacity.ts';
import { fisStopConditions } from './fis-stop-conditions.ts';
import { lambdaEventSourceMappingEnabled } from './lambda-event-source-mapping-enabled.ts';
import { lambdaReservedConcurrency } from './lambda-reserved-concurrency.ts';
import { none } from './none.ts';
import { ssmParameter } from './ssm-parameter.ts';

/** Every setting that a fault may change; a new one is one file and one line here. */
const settings: readonly RestorableSetting[] = [
  lambdaReservedConcurrency,
  lambdaEventSourceMappingEnabled,
  dynamodbProvisionedWriteCapacity,
  dynamodbHotKey,
  ssmParameter,
  none,
];
/** What a run changes itself to put its guards on the site; no fault may name it. */
const ofGuards: readonly RestorableSetting[] = [cloudwatchAlarm, fisStopConditions];

/** @throws ProofloadError `unknown-setting` naming those that can be restored */
export function settingNamed(name: string): RestorableSetting {
  const found = [...settings, ...ofGuards].find((each) => each.name === name);
  if (found) return found;
  throw new ProofloadError('unknown-setting', `proofload cannot restore ${name || 'a setting without a name'}`, {
    hint: `a fault names what it changes in the tag proofload:setting, one of: ${settings.map((each) => each.name).join(', ')}`,
  });
}
