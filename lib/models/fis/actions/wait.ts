import { durationSec } from '../../iso-duration.ts';
import type { ActionDefinition } from './action.ts';

/** Does nothing for a while: a pause between actions, or the control of an experiment. */
export const wait: ActionDefinition = {
  actionId: 'aws:fis:wait',
  description: 'Wait for the specified duration. Stop condition monitoring will continue during this time.',
  parameters: { duration: { description: 'The duration, from one minute to 12 hours (ISO 8601).', required: true, kind: 'duration' } },
  targets: {},
  plan: (parameters) => ({ kind: 'wait', durationSec: durationSec(parameters['duration'] ?? '') ?? 0 }),
};
