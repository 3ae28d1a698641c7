import type { Dimensions, MetricSeries, MetricSink } from '../../contract.ts';
import { lazySeries } from '../../gateway/lazy-series.ts';

/** How a task of another service went, as AWS/States counts it. */
export type TaskCount = 'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut';

const namespace = 'AWS/States';

/** Series of one resource, made from their first value on. */
class SeriesSet {
  readonly #sink: MetricSink;
  readonly #dimensions: Dimensions;
  readonly #series = new Map<string, MetricSeries>();

  constructor(sink: MetricSink, dimensions: Dimensions) {
    this.#sink = sink;
    this.#dimensions = dimensions;
  }

  add(metric: string, unit: string, value: number): void {
    let series = this.#series.get(metric);
    if (!series) {
      series = lazySeries(this.#sink, namespace, metric, this.#dimensions, unit);
      this.#series.set(metric, series);
    }
    series.add(value);
  }
}

/** Names of the metrics of tasks, by the kind of their resource: AWS has three families that say the same. */
const families = {
  LambdaFunctionArn: { count: 'LambdaFunctions', time: 'LambdaFunction' },
  ServiceIntegrationResourceArn: { count: 'ServiceIntegrations', time: 'ServiceIntegration' },
  ActivityArn: { count: 'Activities', time: 'Activity' },
} as const;

/** Metrics of one resource that tasks use. */
export class TaskMetrics {
  readonly #series: SeriesSet;
  readonly #family: (typeof families)[keyof typeof families];

  constructor(sink: MetricSink, dimension: keyof typeof families, arn: string) {
    this.#series = new SeriesSet(sink, { [dimension]: arn });
    this.#family = families[dimension];
  }

  count(what: TaskCount | 'HeartbeatTimedOut'): void {
    this.#series.add(`${this.#family.count}${what}`, 'Count', 1);
  }

  /** A task that ended: how long it waited for its start, how long it ran then. */
  took(scheduleMs: number, runMs: number): void {
    const { time } = this.#family;
    this.#series.add(`${time}ScheduleTime`, 'Milliseconds', scheduleMs);
    this.#series.add(`${time}RunTime`, 'Milliseconds', runMs);
    this.#series.add(`${time}Time`, 'Milliseconds', scheduleMs + runMs);
  }
}

/** AWS/States: executions by state machine, tasks by what they use. */
export class StatesMetrics {
  readonly #sink: MetricSink;
  readonly #machines = new Map<string, SeriesSet>();
  readonly #tasks = new Map<string, TaskMetrics>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  started(machineArn: string): void {
    this.#of(machineArn).add('ExecutionsStarted', 'Count', 1);
  }

  /** A transition that had to wait for its token. */
  throttled(machineArn: string): void {
    this.#of(machineArn).add('ExecutionThrottled', 'Count', 1);
  }

  redriven(machineArn: string): void {
    this.#of(machineArn).add('ExecutionsRedriven', 'Count', 1);
  }

  /** Of an execution that was redriven AWS counts the end twice, the second time by a name of its own. */
  ended(machineArn: string, status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED', tookMs: number, wasRedriven: boolean): void {
    const series = this.#of(machineArn);
    const counts = { SUCCEEDED: 'ExecutionsSucceeded', FAILED: 'ExecutionsFailed', TIMED_OUT: 'ExecutionsTimedOut', ABORTED: 'ExecutionsAborted' };
    series.add(counts[status], 'Count', 1);
    if (wasRedriven) series.add(`Redriven${counts[status]}`, 'Count', 1);
    series.add('ExecutionTime', 'Milliseconds', tookMs);
  }

  express(machineArn: string, billedMs: number, memoryMb: number, billedMb: number): void {
    const series = this.#of(machineArn);
    series.add('ExpressExecutionBilledDuration', 'Milliseconds', billedMs);
    series.add('ExpressExecutionMemory', 'Megabytes', memoryMb);
    series.add('ExpressExecutionBilledMemory', 'Megabytes', billedMb);
  }

  /** Of what a Task's Resource names. */
  task(resource: string): TaskMetrics {
    let metrics = this.#tasks.get(resource);
    if (!metrics) {
      const dimension = /^arn:[^:]+:lambda:/.test(resource)
        ? 'LambdaFunctionArn'
        : /:activity:/.test(resource)
          ? 'ActivityArn'
          : 'ServiceIntegrationResourceArn';
      metrics = new TaskMetrics(this.#sink, dimension, resource);
      this.#tasks.set(resource, metrics);
    }
    return metrics;
  }

  #of(machineArn: string): SeriesSet {
    let series = this.#machines.get(machineArn);
    if (!series) {
      series = new SeriesSet(this.#sink, { StateMachineArn: machineArn });
      this.#machines.set(machineArn, series);
    }
    return series;
  }
}
