import { messageOf } from '../../../core/errors.ts';
import { actionById } from '../../../models/fis/actions/registry.ts';
import { type FisLimits, fisLimits } from '../../../models/fis/limits.ts';
import { actionsToStart, experimentDecision, isOver } from '../../../models/fis/schedule.ts';
import { resolveTarget } from '../../../models/fis/selection.ts';
import type { LabContext } from '../../contract.ts';
import type { FaultConfigurations } from '../../functions/fault-configurations.ts';
import type { ActionEnding } from './action-tools.ts';
import { targetCandidates } from './candidates.ts';
import { type Experiment, type ExperimentAction, setActionState, setState } from './experiment.ts';
import { runAction } from './run-action.ts';
import { triggeredAlarm } from './stop-conditions.ts';

/** Runs one experiment on the lab's clock and keeps it up to date. */
export class ExperimentRun {
  /** Resolves when the experiment has ended, or the lab stops; never rejects: a defect of the lab ends it as failed. */
  readonly done: Promise<void>;
  readonly #experiment: Experiment;
  readonly #context: LabContext;
  readonly #limits: FisLimits;
  readonly #faults: FaultConfigurations;
  readonly #closing = new AbortController();
  readonly #stopped = new AbortController();
  /** What the experiment's state says when it is over, once somebody or something stops it. */
  #halt: { readonly status: 'stopped' | 'failed'; readonly reason: string } | undefined;
  readonly #running = new Set<Promise<void>>();

  constructor(experiment: Experiment, context: LabContext, faults: FaultConfigurations) {
    this.#experiment = experiment;
    this.#faults = faults;
    this.#context = context;
    this.#limits = fisLimits(context.quotas);
    this.done = this.#run().catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      this.#fail(`Experiment failed because of an internal error. ${messageOf(error)}`.slice(0, 512));
      this.#stopped.abort();
    });
  }

  /** Ends every action, its clean-up included, and then the experiment as `stopped` for `reason`. */
  stop(reason: string, stopping = 'Stopping Experiment.'): void {
    if (this.#halt) return;
    this.#halt = { status: 'stopped', reason };
    setState(this.#experiment, 'stopping', stopping);
    this.#stopped.abort();
  }

  /** The lab stops: nothing more is done. */
  close(): void {
    this.#closing.abort(new Error('the lab stops'));
  }

  async #run(): Promise<void> {
    const { clock, asAwsIs, latency, rng } = this.#context;
    const experiment = this.#experiment;
    setState(experiment, 'initiating', 'Experiment is initiating.');
    await this.#sleep(asAwsIs ? latency.number('fis.initiating') * 1000 : 0);
    if (this.#halt) return this.#end();
    const alarm = await triggeredAlarm(experiment.template.stopConditions, this.#context);
    if (alarm !== undefined) return this.#fail(`Unable to start the experiment. The stop condition ${alarm} is in the ALARM state.`);
    for (const [name, target] of Object.entries(experiment.template.targets)) {
      const candidates = await targetCandidates(this.#context, target);
      experiment.resolved[name] = resolveTarget(target, candidates, rng.fork(`${experiment.id}/${name}`)).map((each) => each.arn);
    }
    const empty = Object.entries(experiment.resolved).filter(([, arns]) => arns.length === 0);
    if (empty.length > 0 && experiment.template.experimentOptions.emptyTargetResolutionMode !== 'skip') {
      experiment.errorCode = 'InvalidTarget';
      return this.#fail('Target resolution returned empty set');
    }
    experiment.startMs = clock.now();
    if (!this.#halt) setState(experiment, 'running', 'Experiment is running.');
    this.#skip(new Set(empty.map(([name]) => name)));
    await this.#runActions();
    this.#end();
  }

  /** Skips every action in a preview; else those whose target is empty and may be. */
  #skip(empty: ReadonlySet<string>): void {
    for (const action of Object.values(this.#experiment.actions)) {
      const skipped = this.#experiment.actionsMode === 'skip-all' || Object.values(action.action.targets ?? {}).some((name) => empty.has(name));
      if (skipped) setActionState(action, 'skipped', 'Action was skipped.', this.#context.clock.now());
    }
  }

  async #runActions(): Promise<void> {
    const { actions } = this.#experiment;
    const alarms = this.#watchAlarms();
    const tooLong = 'Experiment halted because it exceeded the maximum duration of an experiment.';
    const disarm = this.#context.clock.schedule(this.#limits.experimentMaxSec * 1000, () => this.stop(tooLong, tooLong));
    this.#closing.signal.addEventListener('abort', disarm, { once: true });
    while (!this.#halt && experimentDecision(actions) === 'go-on') {
      for (const name of actionsToStart(actions, this.#limits.parallelActions)) this.#start(actions[name] as ExperimentAction);
      // With nothing running, the rest waits for an action that will never complete (it was skipped).
      if (this.#running.size === 0) break;
      await Promise.race([...this.#running, aborted(this.#stopped.signal)]);
      if (experimentDecision(actions) === 'fail') this.#haltFailed();
    }
    await Promise.all(this.#running);
    if (experimentDecision(actions) === 'fail') this.#haltFailed();
    alarms.abort();
    disarm();
  }

  #haltFailed(): void {
    const failed = Object.values(this.#experiment.actions).find((action) => action.status === 'failed');
    this.#halt ??= { status: 'failed', reason: `Experiment failed because an action failed: ${failed?.reason ?? ''}`.slice(0, 512) };
    this.#stopped.abort();
  }

  #start(action: ExperimentAction): void {
    const { clock } = this.#context;
    const definition = actionById(action.action.actionId);
    if (!definition) throw new Error(`${action.action.actionId} passed validation without a definition`);
    setActionState(action, 'initiating', 'Action is initiating.', clock.now());
    const stopping = (): void => setActionState(action, 'stopping', 'Action is stopping.', clock.now());
    this.#stopped.signal.addEventListener('abort', stopping, { once: true });
    const work = runAction(definition.plan(action.action.parameters ?? {}), {
      context: this.#context,
      stopped: this.#stopped.signal,
      closing: this.#closing.signal,
      experimentId: this.#experiment.id,
      action: action.action,
      resolved: this.#experiment.resolved,
      faults: this.#faults,
      onRunning: () => action.status === 'initiating' && setActionState(action, 'running', 'Action is running.', clock.now()),
    });
    const failed = (error: unknown): ActionEnding => {
      if (this.#closing.signal.aborted) throw error;
      return { status: 'failed', reason: messageOf(error).slice(0, 512) };
    };
    const running = work.catch(failed).then((ending) => {
      this.#stopped.signal.removeEventListener('abort', stopping);
      setActionState(action, ending.status, ending.status === 'failed' ? ending.reason : `Action was ${ending.status}.`, clock.now());
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  /** Reads the alarms of the stop conditions until the experiment is over. */
  #watchAlarms(): AbortController {
    const over = new AbortController();
    const { template } = this.#experiment;
    const signal = AbortSignal.any([over.signal, this.#stopped.signal, this.#closing.signal]);
    const pollMs = this.#context.latency.number('fis.alarm-poll') * 1000;
    const watch = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.#context.clock.sleep(pollMs, signal);
        const alarm = await triggeredAlarm(template.stopConditions, this.#context);
        if (alarm !== undefined && !signal.aborted) this.stop('Experiment halted by stop condition.', 'Experiment halted by stop condition.');
      }
    };
    if (template.stopConditions.some((condition) => condition.source !== 'none')) {
      watch().catch((error: unknown) => {
        if (!signal.aborted) this.stop(`Experiment halted: its stop conditions cannot be read. ${String(error)}`.slice(0, 512));
      });
    }
    return over;
  }

  /** Rejects only when the lab stops; a stopped experiment wakes up at once. */
  async #sleep(ms: number): Promise<void> {
    try {
      await this.#context.clock.sleep(ms, AbortSignal.any([this.#stopped.signal, this.#closing.signal]));
    } catch (error) {
      if (this.#closing.signal.aborted) throw error;
    }
  }

  #fail(reason: string): void {
    this.#halt ??= { status: 'failed', reason };
    this.#end();
  }

  #end(): void {
    const nowMs = this.#context.clock.now();
    for (const action of Object.values(this.#experiment.actions)) {
      if (!isOver(action.status)) setActionState(action, 'cancelled', 'Action was cancelled.', nowMs);
    }
    setState(this.#experiment, this.#halt?.status ?? 'completed', this.#halt?.reason ?? 'Experiment completed.');
    this.#experiment.endMs = nowMs;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
