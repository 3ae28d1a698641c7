import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { JournalEvent, Warning } from '../record/types.ts';

export type AlarmEvent = Extract<JournalEvent, { kind: 'alarm' }>;

export interface WatchAlarmsRequest {
  readonly cloudwatch: CloudWatchClient;
  /** Alarms of the run, as of now: stop conditions of its faults, and its guards'. */
  readonly names: () => readonly string[];
  /** The site's time. */
  readonly clock: Clock;
  readonly everyMs: number;
  /** The first state of each alarm, then every change, stamped with the time that CloudWatch gives it. */
  readonly onEvent: (event: AlarmEvent) => void;
  /** Told once, when polls begin to fail; they go on. */
  readonly onWarning?: (warning: Warning) => void;
}

/** Most names that one DescribeAlarms call takes. */
const namesPerCall = 100;

/** Polls alarms until `stop`, which resolves after a last look, so that no change before it is missed. */
export function watchAlarms(request: WatchAlarmsRequest): { stop(): Promise<void> } {
  const { clock, everyMs } = request;
  const seen = new Map<string, string>();
  const stopping = new AbortController();
  let warned = false;
  const look = async (): Promise<void> => {
    try {
      for await (const event of statesOf(request)) {
        if (seen.get(event.name) === event.state) continue;
        seen.set(event.name, event.state);
        request.onEvent(event);
      }
    } catch (thrown) {
      if (!warned) request.onWarning?.(pollFailed(thrown));
      warned = true;
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
    await look();
  };
  const done = loop();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

async function* statesOf({ cloudwatch, names: namesNow, clock }: WatchAlarmsRequest): AsyncGenerator<AlarmEvent> {
  const names = namesNow();
  for (let start = 0; start < names.length; start += namesPerCall) {
    const AlarmNames = names.slice(start, start + namesPerCall);
    for await (const page of paginateDescribeAlarms({ client: cloudwatch }, { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })) {
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
        const { AlarmName: name = '', StateValue: state = '', StateReason: reason = '', StateUpdatedTimestamp } = alarm;
        yield { at: StateUpdatedTimestamp?.getTime() ?? clock.now(), kind: 'alarm', name, state, reason };
      }
    }
  }
}

function pollFailed(thrown: unknown): Warning {
  return {
    code: 'alarms-unreadable',
    message: `the states of the run's alarms could not be read: ${messageOf(thrown)}`,
    advice: 'changes of alarms may be missing from the journal; check cloudwatch:DescribeAlarms',
    invalidates: false,
  };
}
