import { type Experiment, GetExperimentCommand, ListExperimentResolvedTargetsCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { startExperiment } from './experiment-options.ts';
import type { ChaosContext, DeployedFault } from './types.ts';

/** How often, and how long, a preview is waited for; it only resolves targets. Milliseconds of the site's time. */
const pollMs = 1_000;
const patienceMs = 120_000;

/** What FIS would do: its actions, and the resources to which each target was resolved. */
export interface FaultPreview {
  readonly experimentId: string;
  /** Action ids by the action's name. */
  readonly actions: Readonly<Record<string, string>>;
  /** FIS's own description of each resource, by the target's name; empty for actions without targets. */
  readonly targets: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  /** What each action that starts a document would give it, JSON. */
  readonly documentParameters: readonly string[];
}

/**
 * Starts the experiment with `skip-all`: FIS resolves its targets and runs nothing.
 * @throws ProofloadError `preview-not-skipped` (after stopping it) when the reply does not echo skip-all, `fault-target-empty`
 * when a target matches no resource, `preview-failed` with FIS's reason
 */
export async function previewFault(fault: DeployedFault, context: ChaosContext): Promise<FaultPreview> {
  const { fis } = context.clients;
  const { experiment, echoed } = await startExperiment(
    fis,
    {
      clientToken: `preview-${context.runId}-${fault.name}`,
      experimentTemplateId: fault.templateId,
      tags: { 'proofload:run': context.runId, 'proofload:fault': fault.name, 'proofload:preview': 'true' },
    },
    'skip-all',
  );
  const experimentId = experiment.id ?? '';
  if (echoed !== 'skip-all') await refuseToGoOn(experimentId, fault, context.clients);
  const { actions = {} } = await completed(experimentId, fault, context);
  return {
    experimentId,
    actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, action.actionId ?? ''])),
    targets: await resolvedTargets(context.clients, experimentId),
    documentParameters: Object.values(actions).flatMap(({ parameters }) => parameters?.['documentParameters'] ?? []),
  };
}

async function refuseToGoOn(id: string, fault: DeployedFault, { fis }: AwsClients): Promise<never> {
  const stopped = await fis.send(new StopExperimentCommand({ id })).then(
    () => 'was stopped at once',
    (thrown: unknown) => `could not be stopped (${messageOf(thrown)})`,
  );
  throw new ProofloadError('preview-not-skipped', `FIS did not confirm skip-all for the preview of ${fault.name}; experiment ${id} ${stopped}`, {
    hint: `this FIS would run the real fault as a preview; look at what it left: aws fis get-experiment --id ${id}`,
    exit: 'internal',
  });
}

async function completed(id: string, fault: DeployedFault, { clients, clock }: ChaosContext): Promise<Experiment> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const { experiment = {} } = await clients.fis.send(new GetExperimentCommand({ id }));
    const { status = '', reason = 'no reason given' } = experiment.state ?? {};
    if (status === 'completed') return experiment;
    if (['failed', 'stopped', 'cancelled'].includes(status) || clock.now() > deadline) throw failed(fault, status, reason);
    await clock.sleep(pollMs);
  }
}

function failed(fault: DeployedFault, status: string, reason: string): ProofloadError {
  if (/empty set/i.test(reason)) {
    return new ProofloadError('fault-target-empty', `a target of fault ${fault.name} matches no resource: ${reason}`, {
      hint: `compare the targets of experiment template ${fault.templateId} with the tags and names of your resources`,
    });
  }
  return new ProofloadError('preview-failed', `the preview of fault ${fault.name} is ${status || 'without a state'}: ${reason}`, {
    hint: 'FIS would not run this experiment; mend its template or its targets',
  });
}

async function resolvedTargets({ fis }: AwsClients, experimentId: string): Promise<FaultPreview['targets']> {
  const targets: Record<string, Record<string, string>[]> = {};
  let nextToken: string | undefined;
  do {
    const page = await fis.send(new ListExperimentResolvedTargetsCommand({ experimentId, ...(nextToken ? { nextToken } : {}) }));
    for (const { targetName = '', targetInformation = {} } of page.resolvedTargets ?? []) {
      targets[targetName] = [...(targets[targetName] ?? []), targetInformation];
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return targets;
}
