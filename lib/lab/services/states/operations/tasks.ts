import type { SendTaskFailureCommandInput, SendTaskHeartbeatCommandInput, SendTaskSuccessCommandInput } from '@aws-sdk/client-sfn';
import { AwsError, messageOf } from '../../../../core/errors.ts';
import type { Json } from '../../../../models/states/types.ts';
import type { Operation } from '../../../contract.ts';
import { atMost, required } from '../checks.ts';
import type { Rates } from '../rates.ts';
import type { Tasks } from '../tasks.ts';
import { maxCauseLength, maxErrorLength } from './executions.ts';

/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat: a bucket each. */
export function taskOperations(tasks: Tasks, rates: Rates, maxOutputBytes: number): Record<string, Operation> {
  const latencyKey = 'states.send-task';
  return {
    SendTaskSuccess: {
      latencyKey,
      admit: rates.api('SendTaskSuccess', 'send-task'),
      act: ({ taskToken, output }: SendTaskSuccessCommandInput) => {
        tasks.succeed(required(taskToken, 'taskToken'), checkedOutput(required(output, 'output'), maxOutputBytes));
        return {};
      },
    },
    SendTaskFailure: {
      latencyKey,
      admit: rates.api('SendTaskFailure', 'send-task'),
      act: ({ taskToken, error = '', cause = '' }: SendTaskFailureCommandInput) => {
        atMost(error, 'error', maxErrorLength);
        atMost(cause, 'cause', maxCauseLength);
        tasks.fail(required(taskToken, 'taskToken'), error, cause);
        return {};
      },
    },
    SendTaskHeartbeat: {
      latencyKey,
      admit: rates.api('SendTaskHeartbeat', 'send-task'),
      act: ({ taskToken }: SendTaskHeartbeatCommandInput) => {
        tasks.heartbeat(required(taskToken, 'taskToken'));
        return {};
      },
    },
  };
}

function checkedOutput(text: string, maxBytes: number): Json {
  if (Buffer.byteLength(text) > maxBytes) throw invalidOutput(`The output is longer than ${maxBytes} bytes.`);
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw invalidOutput(messageOf(thrown));
  }
}

function invalidOutput(why: string): AwsError {
  return new AwsError('InvalidOutput', `Invalid Output: '${why}'`);
}
