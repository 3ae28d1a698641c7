import { messageOf } from '../../../core/errors.ts';
import type { ExecutionEvent, Json, TaskRequest } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import type { Activities } from './activities.ts';
import type { ExecutionRun, OpenTask } from './execution-run.ts';
import { type IntegrationTools, type ServiceIntegration, TaskFailure, type TaskWork } from './integrations/integration.ts';
import { integrationOf } from './integrations/registry.ts';
import type { StatesMetrics } from './metrics.ts';
import { TaskTokens } from './task-tokens.ts';

/** A task that a token leads to. */
interface WaitingTask {
  readonly run: ExecutionRun;
  readonly task: number;
}

interface TasksParts {
  readonly context: LabContext;
  readonly metrics: StatesMetrics;
  readonly activities: Activities;
  readonly tools: IntegrationTools;
  /** Tells the interpreter of an execution. */
  readonly send: (run: ExecutionRun, event: ExecutionEvent) => void;
}

/** The tasks that executions wait for: their requests to other services, their tokens, their activities. */
export class Tasks {
  readonly #parts: TasksParts;
  readonly #tokens = new TaskTokens<WaitingTask>();

  constructor(parts: TasksParts) {
    this.#parts = parts;
  }

  open(run: ExecutionRun, task: number, request: TaskRequest): void {
    const { context, metrics, activities } = this.#parts;
    const nowMs = context.clock.now();
    const open: OpenTask = { request, scheduledMs: nowMs, startedMs: undefined, submitted: false, early: undefined, abandon: undefined };
    run.tasks.set(task, open);
    run.mostTasks = Math.max(run.mostTasks, run.tasks.size);
    const counts = metrics.task(request.resource);
    counts.count('Scheduled');
    if (request.taskToken !== undefined) this.#tokens.add(request.taskToken, { run, task });
    if (request.integration === 'activity') {
      const offered = activities.offer(request.resource, request, (workerName) => this.#taken(run, task, workerName));
      // How AWS words it is not published.
      const cause = `Activity Does Not Exist: '${request.resource}'`;
      if (offered) open.abandon = offered.withdraw;
      else this.#end(run, task, { kind: 'task-failed', task, error: 'States.Runtime', cause });
      return;
    }
    open.startedMs = nowMs;
    counts.count('Started');
    void this.#perform(run, task, open);
  }

  /** The execution does not wait for it any more, where `expired` says so because its time was up. */
  cancel(run: ExecutionRun, task: number, expired?: 'time-out' | 'heartbeat'): void {
    const open = this.#close(run, task);
    if (!open) return;
    // Of activities alone AWS tells missed heartbeats apart.
    const silent = expired === 'heartbeat' && open.request.integration === 'activity';
    if (expired) this.#parts.metrics.task(open.request.resource).count(silent ? 'HeartbeatTimedOut' : 'TimedOut');
    open.abandon?.();
  }

  succeed(token: string, output: Json): void {
    const { run, task } = this.#tokens.get(token);
    this.#callback(run, task, { kind: 'task-succeeded', task, output });
  }

  fail(token: string, error: string, cause: string): void {
    const { run, task } = this.#tokens.get(token);
    this.#callback(run, task, { kind: 'task-failed', task, error, cause });
  }

  heartbeat(token: string): void {
    const { run, task } = this.#tokens.get(token);
    this.#parts.send(run, { kind: 'heartbeat', task });
  }

  /** A worker took an activity's task. */
  #taken(run: ExecutionRun, task: number, workerName: string | undefined): boolean {
    const open = run.tasks.get(task);
    if (!open) return false;
    open.startedMs = this.#parts.context.clock.now();
    open.submitted = true;
    this.#parts.metrics.task(open.request.resource).count('Started');
    this.#parts.send(run, { kind: 'task-submitted', task, output: workerName === undefined ? {} : { workerName } });
    return true;
  }

  async #perform(run: ExecutionRun, task: number, open: OpenTask): Promise<void> {
    const { request } = open;
    const integration = integrationOf(request.resource);
    try {
      if (!integration) throw new TaskFailure('States.Runtime', `The lab does not support the resource ${request.resource}.`);
      await this.#follow(run, task, open, await this.#submit(integration, request));
    } catch (thrown) {
      const { error, failureCause: cause } =
        thrown instanceof TaskFailure ? thrown : new TaskFailure('States.Runtime', `The lab failed in this task: ${messageOf(thrown)}`);
      this.#end(run, task, open.early ?? { kind: 'task-failed', task, error, cause });
    }
  }

  #submit(integration: ServiceIntegration, request: TaskRequest): Promise<TaskWork> {
    return integration.run(request, this.#parts.tools);
  }

  /** What comes after the service's answer: the task's end, or the wait for its job or callback. */
  async #follow(run: ExecutionRun, task: number, open: OpenTask, work: TaskWork): Promise<void> {
    // Where nobody awaits it, nobody minds how the job ends.
    work.completion?.catch(() => undefined);
    if (!run.tasks.has(task)) {
      work.abandon?.();
      return;
    }
    if (open.request.integration === 'request-response') {
      this.#end(run, task, { kind: 'task-succeeded', task, output: work.output });
      return;
    }
    open.submitted = true;
    open.abandon = work.abandon;
    this.#parts.send(run, { kind: 'task-submitted', task, output: work.output });
    if (open.early) this.#end(run, task, open.early);
    else if (work.completion) this.#end(run, task, { kind: 'task-succeeded', task, output: await work.completion });
  }

  /** A callback; one that comes before the request was answered waits for that. */
  #callback(run: ExecutionRun, task: number, event: ExecutionEvent): void {
    const open = run.tasks.get(task);
    if (!open) return;
    if (open.request.taskToken !== undefined) this.#tokens.close(open.request.taskToken);
    if (open.submitted) this.#end(run, task, event);
    else open.early = event;
  }

  #end(run: ExecutionRun, task: number, event: ExecutionEvent): void {
    const open = this.#close(run, task);
    if (!open) return;
    const counts = this.#parts.metrics.task(open.request.resource);
    counts.count(event.kind === 'task-succeeded' ? 'Succeeded' : 'Failed');
    const startedMs = open.startedMs ?? open.scheduledMs;
    counts.took(startedMs - open.scheduledMs, this.#parts.context.clock.now() - startedMs);
    if (run.execution.machine.type === 'EXPRESS' && event.kind === 'task-succeeded') {
      run.largestPayload = Math.max(run.largestPayload, JSON.stringify(event.output)?.length ?? 0);
    }
    this.#parts.send(run, event);
  }

  #close(run: ExecutionRun, task: number): OpenTask | undefined {
    const open = run.tasks.get(task);
    if (!open) return undefined;
    run.tasks.delete(task);
    if (open.request.taskToken !== undefined) this.#tokens.close(open.request.taskToken);
    return open;
  }
}
