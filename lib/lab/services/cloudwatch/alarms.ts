import type { AlarmHistoryItem, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../../core/clock.ts';
import { dateOf, isoTime } from '../../../core/time-format.ts';
import type { AlarmState } from '../../../models/cloudwatch/alarm.ts';
import type { CheckedQuery } from './metric-queries.ts';

/** What an alarm watches, checked when it was put. */
export interface WatchedMetric {
  readonly queries: readonly CheckedQuery[];
  /** Id of the query whose series is compared with the threshold. */
  readonly watchedId: string;
  readonly periodSec: number;
}

/** An alarm as PutMetricAlarm made it, with its state. */
export interface Alarm {
  readonly name: string;
  /** Everything of DescribeAlarms that the caller set. */
  readonly configuration: MetricAlarm & { readonly AlarmArn: string };
  readonly watched: WatchedMetric;
  readonly tags: Map<string, string>;
  actionsEnabled: boolean;
  configuredMs: number;
  state: AlarmState;
  reason: string;
  reasonData: string | undefined;
  stateUpdatedMs: number;
}

export interface NewState {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
}

/** How long the history of an alarm is kept in the lab, and how many items at most. */
const historyMs = 14 * 24 * 3_600_000;
const historyItems = 10_000;

/** The account's alarms and their history. */
export class Alarms {
  readonly #clock: Clock;
  readonly #byName = new Map<string, Alarm>();
  /** Oldest first. */
  readonly #history: AlarmHistoryItem[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): Alarm | undefined {
    return this.#byName.get(name);
  }

  byArn(arn: string): Alarm | undefined {
    return this.all().find((alarm) => alarm.configuration.AlarmArn === arn);
  }

  /** Every alarm, by name. */
  all(): Alarm[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Creates the alarm, or replaces its configuration and keeps its state and tags, as AWS does. */
  put(configuration: Alarm['configuration'], watched: WatchedMetric, tags: ReadonlyMap<string, string>): void {
    const nowMs = this.#clock.now();
    const name = configuration.AlarmName ?? '';
    const known = this.#byName.get(name);
    const changed = { name, configuration, watched, configuredMs: nowMs, actionsEnabled: configuration.ActionsEnabled ?? true };
    const fresh = {
      state: 'INSUFFICIENT_DATA' as const,
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      stateUpdatedMs: nowMs,
      tags: new Map(tags),
    };
    this.#byName.set(name, known ? { ...known, ...changed } : { ...fresh, ...changed });
    this.#note(name, 'ConfigurationUpdate', `Alarm "${name}" ${known ? 'updated' : 'created'}`, { type: known ? 'Update' : 'Create' });
  }

  delete(name: string): void {
    if (this.#byName.delete(name)) this.#note(name, 'ConfigurationUpdate', `Alarm "${name}" deleted`, { type: 'Delete' });
  }

  /** Changes the state and notes it with what becomes of the alarm's actions; a state that stays the same changes nothing. */
  setState(alarm: Alarm, next: NewState): void {
    if (next.state === alarm.state) return;
    const before = { stateValue: alarm.state, stateReason: alarm.reason };
    alarm.state = next.state;
    alarm.reason = next.reason;
    alarm.reasonData = next.reasonData;
    alarm.stateUpdatedMs = this.#clock.now();
    const data = { oldState: before, newState: { stateValue: next.state, stateReason: next.reason } };
    this.#note(alarm.name, 'StateUpdate', `Alarm updated from ${before.stateValue} to ${next.state}`, data);
    if (alarm.actionsEnabled) this.#noteActions(alarm);
  }

  /** Newest first. */
  history(): AlarmHistoryItem[] {
    return this.#history.toReversed();
  }

  /** The lab delivers to nobody: it says so where AWS would say what became of the action. */
  #noteActions(alarm: Alarm): void {
    const { OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = alarm.configuration;
    const actions = { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[alarm.state];
    for (const action of actions) {
      this.#note(alarm.name, 'Action', `Failed to execute action ${action}. The lab executes no alarm actions.`, { actionState: 'Failed', action });
    }
  }

  #note(name: string, type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action', summary: string, data: object): void {
    const nowMs = this.#clock.now();
    this.#history.push({
      AlarmName: name,
      AlarmType: 'MetricAlarm',
      Timestamp: dateOf(nowMs),
      HistoryItemType: type,
      HistorySummary: summary.slice(0, 255),
      HistoryData: JSON.stringify({ version: '1.0', date: isoTime(nowMs), ...data }),
    });
    const expired = this.#history.findIndex((item) => (item.Timestamp?.getTime() ?? 0) > nowMs - historyMs);
    this.#history.splice(0, Math.max(expired, this.#history.length - historyItems));
  }
}

/** The alarm in the shape of DescribeAlarms. */
export function describedAlarm(alarm: Alarm): MetricAlarm {
  return {
    ...alarm.configuration,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmConfigurationUpdatedTimestamp: dateOf(alarm.configuredMs),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    ...(alarm.reasonData === undefined ? {} : { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: dateOf(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: dateOf(alarm.stateUpdatedMs),
  };
}
