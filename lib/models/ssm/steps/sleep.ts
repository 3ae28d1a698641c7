import { msOfIso } from '../../../core/time-format.ts';
import { durationSec } from '../../iso-duration.ts';
import type { StepAction, StepLimits } from './step-action.ts';

/** Waits a Duration or until a Timestamp; a timestamp in the past does not wait. */
export const sleep: StepAction = {
  action: 'aws:sleep',
  check: (inputs, limits) => {
    const given = ['Duration', 'Timestamp'].filter((name) => inputs[name] !== undefined);
    if (given.length !== 1) return ['it needs Duration or Timestamp, one of them'];
    const text = String(inputs['Duration'] ?? '');
    return inputs['Duration'] === undefined || text.includes('{{') ? [] : durationProblem(text, limits);
  },
  plan: (inputs, nowMs) => {
    if (inputs['Timestamp'] !== undefined) {
      const atMs = msOfIso(String(inputs['Timestamp']));
      if (Number.isNaN(atMs)) throw new Error(`Timestamp ${String(inputs['Timestamp'])} is not in ISO 8601`);
      return { kind: 'sleep', durationMs: Math.max(0, atMs - nowMs) };
    }
    const seconds = durationSec(String(inputs['Duration']));
    if (seconds === undefined) throw new Error(`Duration ${String(inputs['Duration'])} is not an ISO 8601 duration`);
    return { kind: 'sleep', durationMs: seconds * 1000 };
  },
  outputs: [],
  declaresOutputs: false,
};

function durationProblem(text: string, limits: StepLimits): string[] {
  const seconds = durationSec(text);
  if (seconds === undefined) return [`Duration ${text} is not an ISO 8601 duration`];
  return seconds > limits.sleepMaxSec ? [`Duration ${text} is above ${limits.sleepMaxSec} seconds`] : [];
}
