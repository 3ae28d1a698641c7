import { type Experiment, GetExperimentCommand } from '@aws-sdk/client-fis';
import { messageOf } from '../core/errors.ts';
import type { JournalEvent, Window } from '../record/types.ts';
import { effectWindow, type FaultStep, findAutomation, readSteps } from './automation.ts';
import { extensionEffect } from './extension-effect.ts';
import type { FaultOutcome } from './start.ts';
import type { ChaosContext, DeployedFault } from './types.ts';

/** How often FIS and the automation are asked, in the site's time. */
const pollMs = 2_000;
/** How many readings in a row may fail before the site counts as gone; each has the SDK's own retries behind it. */
const failuresAllowed = 5;
const ended = ['completed', 'stopped', 'failed', 'cancelled'];

function isDenied(thrown: unknown): boolean {
  return /AccessDenied|UnauthorizedOperation/.test((thrown as { name?: string }).name ?? '');
}

/** What changed, without the members that each event here has. */
type News = WithoutCommon<Extract<JournalEvent, { kind: 'fault-state' | 'fault-step' | 'fault-window' }>>;
type WithoutCommon<Event> = Event extends unknown ? Omit<Event, 'at' | 'fault'> : never;

/** Follows one experiment and the document that it started, and writes into the journal what changes. */
export class FaultWatch {
  /** What the fault does just now, for people. */
  state = 'starting';
  readonly #fault: DeployedFault;
  readonly #experimentId: string;
  readonly #context: ChaosContext;
  readonly #told = new Map<string, string>();
  #automationId: string | undefined;
  #stepsRefused = false;
  #steps: readonly FaultStep[] = [];

  constructor(fault: DeployedFault, experimentId: string, context: ChaosContext) {
    this.#fault = fault;
    this.#experimentId = experimentId;
    this.#context = context;
  }

  /** Resolves when the experiment has ended; rejects when the site cannot be asked any more. */
  async untilEnded(): Promise<FaultOutcome> {
    let failures = 0;
    for (;;) {
      try {
        const experiment = await this.#read();
        if (ended.includes(experiment.state?.status ?? '')) return await this.#outcome(experiment);
        failures = 0;
      } catch (thrown) {
        if (++failures >= failuresAllowed) throw thrown;
      }
      await this.#context.clock.sleep(pollMs);
    }
  }

  async #read(): Promise<Experiment> {
    const { experiment = {} } = await this.#context.clients.fis.send(new GetExperimentCommand({ id: this.#experimentId }));
    const { status = '', reason } = experiment.state ?? {};
    this.#tell('experiment', status, { kind: 'fault-state', state: status, ...(reason ? { reason } : {}) });
    await this.#readSteps(experiment);
    const running = this.#steps.find((step) => step.state === 'InProgress');
    this.state = running && !ended.includes(status) ? `${status}, step ${running.name}` : status;
    return experiment;
  }

  async #readSteps(experiment: Experiment): Promise<void> {
    const action = Object.values(experiment.actions ?? {}).find((each) => each.actionId === 'aws:ssm:start-automation-execution');
    const document = action?.parameters?.['documentArn'];
    if (document === undefined || experiment.creationTime === undefined || this.#stepsRefused) return;
    try {
      await this.#followSteps(document, experiment.creationTime.getTime());
    } catch (thrown) {
      if (!isDenied(thrown)) throw thrown;
      this.#stepsRefused = true;
      const message = `the steps of fault ${this.#fault.name} cannot be read: ${messageOf(thrown)}`;
      const advice = 'when its effect began is then unknown; allow ssm:DescribeAutomationExecutions and ssm:GetAutomationExecution';
      this.#context.journal({
        at: this.#context.clock.now(),
        kind: 'warning',
        warning: { code: 'steps-unreadable', message, advice, invalidates: false },
      });
    }
  }

  async #followSteps(document: string, sinceMs: number): Promise<void> {
    const { clients } = this.#context;
    this.#automationId ??= await findAutomation(clients, document, sinceMs);
    if (this.#automationId === undefined) return;
    this.#steps = await readSteps(clients, this.#automationId);
    for (const { name, state, startMs, endMs } of this.#steps) {
      if (state === 'Pending') continue;
      const times = { ...(startMs === undefined ? {} : { startMs }), ...(endMs === undefined ? {} : { endMs }) };
      this.#tell(`step ${name}`, state, { kind: 'fault-step', step: name, state, ...times });
    }
  }

  /** Writes what changed since it was last seen. */
  #tell(what: string, state: string, news: News): void {
    if (this.#told.get(what) === state) return;
    this.#told.set(what, state);
    this.#context.journal({ at: this.#context.clock.now(), fault: this.#fault.name, ...news });
  }

  async #outcome(experiment: Experiment): Promise<FaultOutcome> {
    const extension = await extensionEffect(this.#context.clients, experiment, this.#fault.resource);
    const effect = extension?.window ?? effectWindow(this.#steps);
    const [startMs, endMs] = [experiment.startTime?.getTime(), experiment.endTime?.getTime()];
    const fis = { ...(startMs === undefined ? {} : { startMs }), ...(endMs === undefined ? {} : { endMs }) };
    this.#tellWindow('fis', fis, 'fis');
    this.#tellWindow('effect', effect, extension?.source ?? 'ssm');
    const { status = '', reason = '' } = experiment.state ?? {};
    return { experimentId: this.#experimentId, status, reason, effect, fis };
  }

  #tellWindow(of: 'fis' | 'effect', { startMs, endMs }: Partial<Window>, source: string): void {
    if (startMs === undefined || endMs === undefined) return;
    this.#tell(`window ${of}`, 'known', { kind: 'fault-window', of, window: { startMs, endMs }, source });
  }
}
