import type { ActionWork } from '../../../models/fis/actions/action.ts';
import type { ActionEnding, ActionTools } from './action-tools.ts';
import { alarmStates } from './stop-conditions.ts';

/** Completes at once when every alarm is in one of the states asked for; else it fails. FIS's words for that are not documented: ours. */
export async function assertAlarmState(work: Extract<ActionWork, { kind: 'assert-alarm-state' }>, tools: ActionTools): Promise<ActionEnding> {
  tools.onRunning();
  const states = await alarmStates(work.alarmArns, tools.context);
  const wrong = work.alarmArns.filter((_, index) => !work.states.includes(states[index] ?? ''));
  if (wrong.length === 0) return { status: 'completed' };
  const found = wrong.map((arn) => `${arn} is ${states[work.alarmArns.indexOf(arn)] ?? 'not there'}`);
  return { status: 'failed', reason: `Alarms are not in the states ${work.states.join(', ')}: ${found.join(', ')}`.slice(0, 512) };
}
