import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { ProofloadError } from '../core/errors.ts';
import { withActionsMode } from './experiment-options.ts';
import type { ChaosContext, DeployedFault } from './types.ts';

/** How often, and how long, a preview is waited for; it only resolves targets. Milliseconds of the site's time. */
const pollMs = 1_000;
const patienceMs = 120_000;

/** What FIS would do: the actions and how many resources each target has. */
export interface FaultPreview {
  readonly actions: Readonly<Record<string, string>>;
  readonly experimentId: string;
}

/**
 * Starts the experiment with `skip-all`: FIS resolves its targets and runs nothing.
 * @throws ProofloadError `preview-not-skipped` (after stopping it) when the reply does not echo skip-all, `preview-failed` with FIS's reason
 */
export async function previewFault(fault: DeployedFault, context: ChaosContext): Promise<FaultPreview> {
  const { fis } = context.clients;
  const middleware = withActionsMode(fis, 'skip-all');
  try {
    const { experiment } = await fis.send(
      new StartExperimentCommand({
        clientToken: `preview-${context.runId}-${fault.name}`,
        experimentTemplateId: fault.templateId,
        tags: { 'proofload:run': context.runId, 'proofload:preview': 'true' },
      }),
    );
    const id = experiment?.id ?? '';
    if (middleware.echoed() !== 'skip-all') {
      await fis.send(new StopExperimentCommand({ id }));
      throw new ProofloadError(
        'preview-not-skipped',
        `FIS did not confirm skip-all for the preview of ${fault.name}; experiment ${id} was stopped at once`,
        {
          hint: 'this FIS would run the real fault as a preview; check what it left, then run `proofload recover`',
          exit: 'internal',
        },
      );
    }
    return { experimentId: id, actions: await previewedActions(id, fault, context) };
  } finally {
    middleware.remove();
  }
}

async function previewedActions(id: string, fault: DeployedFault, { clients, clock }: ChaosContext): Promise<Record<string, string>> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const { experiment } = await clients.fis.send(new GetExperimentCommand({ id }));
    const status = experiment?.state?.status ?? '';
    if (status === 'completed')
      return Object.fromEntries(Object.entries(experiment?.actions ?? {}).map(([name, action]) => [name, action.actionId ?? '']));
    if (['failed', 'stopped', 'cancelled'].includes(status) || clock.now() > deadline) {
      throw new ProofloadError(
        'preview-failed',
        `the preview of fault ${fault.name} is ${status || 'without a state'}: ${experiment?.state?.reason ?? 'no reason given'}`,
        {
          hint: 'FIS would not run this experiment; mend its template or its targets',
        },
      );
    }
    await clock.sleep(pollMs);
  }
}
