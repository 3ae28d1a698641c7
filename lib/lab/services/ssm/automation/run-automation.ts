import { messageOf } from '../../../../core/errors.ts';
import { clockTime, isoTime } from '../../../../core/time-format.ts';
import { afterCancel, afterStep } from '../../../../models/ssm/flow.ts';
import { asText } from '../../../../models/ssm/interpolate.ts';
import type { AutomationStatus, DocumentStep, StepStatus } from '../../../../models/ssm/types.ts';
import { asStrings } from '../../../../models/ssm/values.ts';
import type { LabContext } from '../../../contract.ts';
import type { InputTyper } from './api-input.ts';
import type { AutomationExecution, StepRun } from './execution.ts';
import { performStep } from './run-step.ts';

type Ending = Extract<StepStatus, 'Success' | 'Failed' | 'TimedOut' | 'Cancelled'>;

/** Runs one execution on the lab's clock and keeps it up to date. */
export class AutomationRun {
  /** Resolves when the execution has ended, or the lab stops; never rejects: a defect of the lab ends it as Failed. */
  readonly done: Promise<void>;
  readonly #execution: AutomationExecution;
  readonly #context: LabContext;
  readonly #typeInput: InputTyper;
  readonly #bindings: Map<string, unknown>;
  readonly #closing = new AbortController();
  /** Aborts the current step: at the user's cancel, then at the end of the time for the cancellation workflow. */
  #cancel = new AbortController();
  #stopping: 'Cancel' | 'Complete' | undefined;
  #disarmLimit: (() => void) | undefined;

  constructor(execution: AutomationExecution, context: LabContext, typeInput: InputTyper) {
    this.#execution = execution;
    this.#context = context;
    this.#typeInput = typeInput;
    this.#bindings = firstBindings(execution, context);
    execution.status = 'InProgress';
    this.done = this.#run()
      .catch((error: unknown) => {
        if (this.#closing.signal.aborted) return;
        this.#execution.failure ??= `Internal error. ${messageOf(error)}`;
        this.#end('Failed');
      })
      .finally(() => this.#disarmLimit?.());
  }

  /** `Cancel` ends the current step and goes to its onCancel; `Complete` lets it finish and ends there. */
  stop(type: 'Cancel' | 'Complete'): void {
    this.#stopping ??= type;
    if (type === 'Cancel' && !this.#cancelling()) this.#cancel.abort(new Error('cancelled'));
  }

  /** The lab stops: nothing more is done. */
  close(): void {
    this.#closing.abort(new Error('the lab stops'));
  }

  #cancelling(): boolean {
    return this.#execution.status === 'Cancelling';
  }

  async #run(): Promise<void> {
    const { parsed } = this.#execution.document;
    let next: string | undefined = parsed.steps[0]?.name;
    let spoils: AutomationStatus | undefined;
    while (next !== undefined) {
      const run = claimRun(this.#execution, next, this.#context);
      const ending = await this.#runStep(run);
      if (this.#stopping === 'Complete') return this.#end('Success');
      if (this.#stopping === 'Cancel' && !this.#cancelling()) {
        this.#enterCancelling();
        next = afterCancel(run.step);
        continue;
      }
      if (ending === 'Cancelled') return this.#end('Cancelled');
      if (ending !== 'Success') this.#execution.failure ??= `Step ${run.step.name} ended as ${ending}. ${run.failure ?? ''}`.trim();
      const move = afterStep(parsed, run.step, { status: ending, jumpTo: run.jumpTo }, spoils);
      if ('end' in move) return this.#end(this.#cancelling() ? 'Cancelled' : move.end);
      next = move.go;
      spoils = move.spoils ?? spoils;
      await this.#context.clock.sleep(0, this.#closing.signal);
    }
    this.#end('Cancelled');
  }

  async #runStep(run: StepRun): Promise<Ending> {
    const { clock, asAwsIs, latency } = this.#context;
    if (asAwsIs) await clock.sleep(latency.number('ssm.step-overhead') * 1000, this.#closing.signal);
    Object.assign(run, { status: 'InProgress', startMs: clock.now() });
    this.#execution.current = run;
    let ending: Ending = 'Failed';
    for (let n = 1; n <= run.step.maxAttempts && ending !== 'Success' && ending !== 'Cancelled'; n++) ending = await this.#attempt(run);
    if (ending === 'Success') run.failure = undefined;
    Object.assign(run, { status: ending, endMs: clock.now() });
    for (const [name, value] of Object.entries(run.outputs)) this.#bindings.set(`${run.step.name}.${name}`, value);
    return ending;
  }

  async #attempt(run: StepRun): Promise<Ending> {
    // A wait that nobody bounded is bounded by the service; other steps end by themselves.
    const unbounded = run.step.action === 'aws:waitForAwsResourceProperty' ? this.#context.quotas.number('ssm.wait-property-timeout') : undefined;
    const timeoutSec = run.step.timeoutSec ?? unbounded;
    const cancel = this.#cancel.signal;
    const timeout = new AbortController();
    const disarm = timeoutSec === undefined ? undefined : this.#context.clock.schedule(timeoutSec * 1000, () => timeout.abort());
    const tools = { context: this.#context, typeInput: this.#typeInput, signal: AbortSignal.any([this.#closing.signal, cancel, timeout.signal]) };
    try {
      // A call under way is not interrupted by a cancel: its effect is there, and the step says how it ended.
      await untilAborted(performStep(run, this.#bindings, tools), AbortSignal.any([this.#closing.signal, timeout.signal]));
      return 'Success';
    } catch (error) {
      if (cancel.aborted && error === cancel.reason) return 'Cancelled';
      const timedOut = timeout.signal.aborted;
      run.failure = timedOut
        ? `Step timed out after ${timeoutSec} seconds.`
        : `Step fails when it is Execute/Cancelling action. ${messageOf(error)}.`;
      return timedOut ? 'TimedOut' : 'Failed';
    } finally {
      disarm?.();
    }
  }

  /** From here on only the cancellation workflow runs, for no longer than AWS lets it. */
  #enterCancelling(): void {
    this.#execution.status = 'Cancelling';
    const limit = new AbortController();
    this.#cancel = limit;
    const limitMs = this.#context.quotas.number('ssm.cancel-workflow-max') * 1000;
    this.#disarmLimit = this.#context.clock.schedule(limitMs, () => limit.abort(new Error('the cancellation workflow took too long')));
  }

  #end(status: AutomationStatus): void {
    end(this.#execution, status, this.#context.clock.now());
  }
}

/** The pending run of the step, or a new one when it ran before. */
function claimRun(execution: AutomationExecution, name: string, context: LabContext): StepRun {
  const pending = execution.steps.find((run) => run.step.name === name && run.status === 'Pending');
  if (pending) return pending;
  const step = execution.document.parsed.steps.find((each) => each.name === name) as DocumentStep;
  const again = newStepRun(step, context);
  execution.steps.push(again);
  return again;
}

export function newStepRun(step: DocumentStep, context: LabContext): StepRun {
  return {
    id: context.rng.uuid(),
    step,
    status: 'Pending',
    startMs: undefined,
    endMs: undefined,
    inputs: {},
    outputs: {},
    failure: undefined,
    jumpTo: undefined,
  };
}

function end(execution: AutomationExecution, status: AutomationStatus, nowMs: number): void {
  execution.status = status;
  execution.endMs = nowMs;
  execution.current = undefined;
  for (const name of execution.document.parsed.outputs) {
    const [stepName = '', output = ''] = name.split('.');
    const value = execution.steps.findLast((run) => run.step.name === stepName && output in run.outputs)?.outputs[output];
    execution.outputs[name] = value === undefined ? ['No output available yet because the step is not successfully executed'] : asStrings(value);
  }
}

function firstBindings(execution: AutomationExecution, context: LabContext): Map<string, unknown> {
  const iso = isoTime(execution.startMs);
  return new Map<string, unknown>([
    ...execution.parameters,
    ['global:REGION', context.region],
    ['global:ACCOUNT_ID', context.account],
    ['global:DATE', iso.slice(0, 10)],
    ['global:DATE_TIME', asText(`${iso.slice(0, 10)}_${clockTime(execution.startMs).replaceAll(':', '.')}`)],
    ['automation:EXECUTION_ID', execution.id],
  ]);
}

/** `work`, or a rejection as soon as `signal` aborts; what `work` does afterwards no longer counts. */
function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
