import { StopExperimentCommand } from '@aws-sdk/client-fis';
import { messageOf } from '../core/errors.ts';
import type { Window } from '../record/types.ts';
import { startExperiment } from './experiment-options.ts';
import type { ChaosContext, DeployedFault } from './types.ts';
import { FaultWatch } from './watch.ts';

export interface FaultOutcome {
  readonly experimentId: string;
  readonly status: string;
  readonly reason: string;
  /** What the steps say; the start or the end is absent where no step says it. */
  readonly effect: Partial<Window>;
  readonly fis: Partial<Window>;
}

export interface RunningFault {
  readonly experimentId: string;
  /** Settles when the experiment has ended, however; rejects only when the site cannot be asked any more. */
  readonly done: Promise<FaultOutcome>;
  /** Asks FIS to stop it; `done` settles when it has, its cancel steps included. */
  stop(): Promise<void>;
  /** What it does just now, for the terminal. */
  state(): string;
}

/**
 * Starts the experiment of a fault whose undo is registered, and watches it and its document's steps.
 * Everything seen goes into the journal: states, steps, and the three windows.
 */
export async function startFault(fault: DeployedFault, durationSec: number, context: ChaosContext): Promise<RunningFault> {
  const { clients, clock, journal, runId } = context;
  const askedMs = clock.now();
  const { experiment } = await startExperiment(
    clients.fis,
    {
      clientToken: `${runId}-${fault.name}`,
      experimentTemplateId: fault.templateId,
      tags: { 'proofload:run': runId, 'proofload:fault': fault.name },
    },
    'run-all',
  );
  const experimentId = experiment.id ?? '';
  journal({ at: clock.now(), kind: 'fault-started', fault: fault.name, experimentId });
  const asked = { startMs: askedMs, endMs: askedMs + durationSec * 1_000 };
  journal({ at: clock.now(), kind: 'fault-window', fault: fault.name, of: 'asked', window: asked, source: 'exercise' });
  const watch = new FaultWatch(fault, experimentId, context);
  const done = watch.untilEnded();
  // Whoever waits for it sees the rejection; until somebody does, it must not end the process.
  done.catch(() => undefined);
  return {
    experimentId,
    done,
    stop: async () => void (await clients.fis.send(new StopExperimentCommand({ id: experimentId }))),
    state: () => watch.state,
  };
}

/** Stops an experiment that may have ended already; says what went wrong, if anything did. */
export async function stopQuietly(running: RunningFault): Promise<string | undefined> {
  try {
    await running.stop();
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
