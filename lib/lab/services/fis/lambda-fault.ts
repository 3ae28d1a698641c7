import type { ActionWork } from '../../../models/fis/actions/action.ts';
import { type S3Location, s3Location } from '../../../models/fis/extension/location.ts';
import { type ActionEnding, type ActionTools, sleptWell } from './action-tools.ts';

interface Target {
  readonly arn: string;
  readonly location: S3Location;
}

/**
 * Writes the fault below the configuration location of each function, and deletes it when the action ends. FIS does not look whether an
 * extension reads it. A function without a location fails the action: assumed, AWS does not say.
 */
export async function runLambdaFault(work: Extract<ActionWork, { kind: 'lambda-fault' }>, tools: ActionTools): Promise<ActionEnding> {
  const { context, action, experimentId, resolved, faults } = tools;
  const targets: Target[] = [];
  for (const arn of resolved[action.targets?.['Functions'] ?? ''] ?? []) {
    const location = await configurationLocation(arn, tools);
    if (!location) return { status: 'failed', reason: `${arn} has no AWS_FIS_CONFIGURATION_LOCATION with the ARN of a folder in S3.` };
    targets.push({ arn, location });
  }
  const startMs = context.clock.now();
  const name = ({ arn }: Target): string => `${experimentId}/${arn.split(':').at(-1)}/${action.actionId}/${startMs}`;
  for (const target of targets) {
    const active = { experimentId, action: action.actionId, functionArn: target.arn, startMs, fault: work.fault };
    faults.put(target.location, name(target), active);
  }
  tools.onRunning();
  try {
    return (await sleptWell(work.durationSec * 1000, tools)) ? { status: 'completed' } : { status: 'stopped' };
  } finally {
    for (const target of targets) faults.delete(target.location, name(target));
  }
}

async function configurationLocation(arn: string, { context }: ActionTools): Promise<S3Location | undefined> {
  const { Environment } = await context.call<{ Environment?: { Variables?: Record<string, string> } }>(
    'lambda',
    'GetFunctionConfiguration',
    { FunctionName: arn },
    { kind: 'service', service: 'fis' },
  );
  return s3Location(Environment?.Variables?.['AWS_FIS_CONFIGURATION_LOCATION']);
}
