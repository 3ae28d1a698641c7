import { type Experiment, GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { messageOf } from '../core/errors.ts';
import type { Window } from '../record/types.ts';
import { effectWindow, type FaultStep, findAutomation, readAutomation } from './automation.ts';
import { withActionsMode } from './experiment-options.ts';
import type { ChaosContext, DeployedFault } from './types.ts';

/** How often FIS and the automation are asked, in the site's time. */
const pollMs = 2_000;
const ended = ['completed', 'stopped', 'failed', 'cancelled'];

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
  const middleware = withActionsMode(clients.fis, 'run-all');
  const { experiment } = await clients.fis
    .send(
      new StartExperimentCommand({
        clientToken: `${runId}-${fault.name}`,
        experimentTemplateId: fault.templateId,
        tags: { 'proofload:run': runId, 'proofload:fault': fault.name },
      }),
    )
    .finally(() => middleware.remove());
  const experimentId = experiment?.id ?? '';
  journal({ at: clock.now(), kind: 'fault-started', fault: fault.name, experimentId });
  const asked = { startMs: askedMs, endMs: askedMs + durationSec * 1_000 };
  journal({ at: clock.now(), kind: 'fault-window', fault: fault.name, of: 'asked', window: asked, source: 'exercise' });
  const watch = new FaultWatch(fault, experimentId, askedMs, context);
  return {
    experimentId,
    done: watch.untilEnded(),
    stop: async () => void (await clients.fis.send(new StopExperimentCommand({ id: experimentId }))),
    state: () => watch.state,
  };
}

class FaultWatch {
  state = 'starting';
  readonly #fault: DeployedFault;
  readonly #experimentId: string;
  readonly #askedMs: number;
  readonly #context: ChaosContext;
  readonly #told = new Map<string, string>();
  #automationId: string | undefined;
  #steps: readonly FaultStep[] = [];

  constructor(fault: DeployedFault, experimentId: string, askedMs: number, context: ChaosContext) {
    this.#fault = fault;
    this.#experimentId = experimentId;
    this.#askedMs = askedMs;
    this.#context = context;
  }

  async untilEnded(): Promise<FaultOutcome> {
    const { clients, clock } = this.#context;
    for (;;) {
      const { experiment = {} } = await clients.fis.send(new GetExperimentCommand({ id: this.#experimentId }));
      const status = experiment.state?.status ?? '';
      this.state = status;
      this.#tell('experiment', status, {
        kind: 'fault-state',
        state: status,
        ...(experiment.state?.reason ? { reason: experiment.state.reason } : {}),
      });
      await this.#readSteps(experiment);
      if (ended.includes(status)) return this.#outcome(experiment, status);
      await clock.sleep(pollMs);
    }
  }

  async #readSteps(experiment: Experiment): Promise<void> {
    const document = Object.values(experiment.actions ?? {}).find((action) => action.actionId === 'aws:ssm:start-automation-execution')?.parameters?.[
      'documentArn'
    ];
    if (document === undefined) return;
    this.#automationId ??= await findAutomation(this.#context.clients, document, this.#askedMs);
    if (this.#automationId === undefined) return;
    const { steps } = await readAutomation(this.#context.clients, this.#automationId);
    this.#steps = steps;
    for (const { name, ...step } of steps) this.#tell(`step ${name}`, step.state, { kind: 'fault-step', step: name, ...step });
    const running = steps.find((step) => step.state === 'InProgress');
    if (running) this.state = `${this.state}, step ${running.name}`;
  }

  /** Writes what changed since it was last seen. */
  #tell(what: string, state: string, event: object): void {
    if (this.#told.get(what) === state) return;
    this.#told.set(what, state);
    this.#context.journal({ at: this.#context.clock.now(), fault: this.#fault.name, ...event } as Parameters<ChaosContext['journal']>[0]);
  }

  #outcome(experiment: Experiment, status: string): FaultOutcome {
    const { journal, clock } = this.#context;
    const effect = effectWindow(this.#steps);
    const fis = { ...timed('startMs', experiment.startTime), ...timed('endMs', experiment.endTime) };
    const tell = (of: 'fis' | 'effect', window: Partial<Window>, source: string): void => {
      if (window.startMs === undefined || window.endMs === undefined) return;
      journal({
        at: clock.now(),
        kind: 'fault-window',
        fault: this.#fault.name,
        of,
        window: { startMs: window.startMs, endMs: window.endMs },
        source,
      });
    };
    tell('fis', fis, 'fis');
    tell('effect', effect, 'ssm');
    return { experimentId: this.#experimentId, status, reason: experiment.state?.reason ?? '', effect, fis };
  }
}

function timed(name: 'startMs' | 'endMs', date: { getTime(): number } | undefined): Partial<Window> {
  return date === undefined ? {} : { [name]: date.getTime() };
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
