import { join } from 'node:path';
import type { Experiment, ExperimentAction } from '@aws-sdk/client-fis';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { AwsClients } from '../core/aws-clients.ts';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { extensionNumbers, slowPollSec } from '../models/fis/extension/settings.ts';
import type { Window } from '../record/types.ts';

/** When the native Lambda faults of an experiment were in full effect, and how that is known; undefined for an experiment without one. */
export interface ExtensionEffect {
  readonly window: Partial<Window>;
  readonly source: string;
}

/**
 * FIS says running when it has written the fault; the extension in each environment sees it one slow poll later at the latest. It ends with the
 * action: what lingers in the environments until their next poll counts as recovery.
 */
export async function extensionEffect(clients: AwsClients, experiment: Experiment, resource: string): Promise<ExtensionEffect | undefined> {
  const actions = Object.values(experiment.actions ?? {}).filter(({ actionId = '' }) => actionId.startsWith('aws:lambda:invocation-'));
  if (actions.length === 0) return undefined;
  const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: resource }));
  const pollSec = slowPollSec(Environment?.Variables ?? {}, extensionNumbers(Numbers.fromFolder(join(packageRoot(), 'config/quotas'))));
  return { window: windowOf(actions, pollSec * 1_000), source: `fis, and a slow poll of the extension (${pollSec} s)` };
}

function windowOf(actions: readonly ExperimentAction[], rampMs: number): Partial<Window> {
  const starts = actions.flatMap(({ startTime }) => (startTime ? [startTime.getTime() + rampMs] : []));
  const ends = actions.flatMap(({ endTime }) => (endTime ? [endTime.getTime()] : []));
  const [startMs, endMs] = [Math.min(...starts), Math.max(...ends)];
  // A fault that ended within the first poll was never sure to be anywhere.
  if (starts.length === 0 || (ends.length > 0 && endMs <= startMs)) return {};
  return { startMs, ...(ends.length === 0 ? {} : { endMs }) };
}
