import { ProofloadError } from '../core/errors.ts';
import { settingNamed } from './settings/index.ts';
import type { DeployedFault } from './types.ts';

/** `AWS/Lambda Errors Sum above 0 of shop`: namespace, metric, statistic, what it must pass, and the resource by the value of its dimension. */
const form = /^\w+\/\w+ \w+ (Sum|Maximum|p50|p90) above \d+(\.\d+)? of \S+$/;

/**
 * The metric that proves that a fault took effect, as text: the one that the fault names, else that of its setting.
 * @throws ProofloadError `bad-fault` where neither names one that can be read
 */
export function probeOf({ name, setting, resource, probe }: Pick<DeployedFault, 'name' | 'setting' | 'resource' | 'probe'>): string {
  const text = probe ?? settingNamed(setting).probe?.(resource).name;
  if (text !== undefined && (probe === undefined || form.test(probe))) return text;
  throw new ProofloadError('bad-fault', `fault ${name} has ${text === undefined ? 'no probe' : `a probe that cannot be read: ${text}`}`, {
    hint: 'tag proofload:probe of the experiment template says it, such as: AWS/Lambda Errors Sum above 0 of <function name>',
  });
}
