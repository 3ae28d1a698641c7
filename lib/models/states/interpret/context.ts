import { isoTime } from '../../../core/time-format.ts';
import type { ExecutionStart, Json } from '../types.ts';
import type { Thread } from './turn.ts';

/** The context object as a state sees it (`$$`, `$states.context`). */
export function contextOf(start: ExecutionStart, thread: Thread): Json {
  const context: { [name: string]: Json } = {
    Execution: {
      Id: start.executionArn,
      Input: start.input,
      StartTime: isoTime(start.startMs),
      Name: start.name,
      RoleArn: start.roleArn,
      ...(start.type === 'STANDARD' ? { RedriveCount: start.redriveCount } : {}),
      ...(start.redriveMs === undefined ? {} : { RedriveTime: isoTime(start.redriveMs) }),
    },
    StateMachine: { Id: start.stateMachineArn, Name: start.stateMachineName },
    State: { EnteredTime: isoTime(thread.enteredMs), Name: thread.state.name, ...('retry' in thread.state ? { RetryCount: thread.retryCount } : {}) },
  };
  if (thread.token !== undefined) context['Task'] = { Token: thread.token };
  const iteration = iterationOf(thread);
  if (iteration) context['Map'] = { Item: { Index: iteration.index, Value: iteration.item as Json } };
  return context;
}

/** The innermost iteration of a Map that the thread is in. */
function iterationOf(thread: Thread): Thread | undefined {
  let each: Thread | undefined = thread;
  while (each && each.item === undefined) each = each.parent;
  return each;
}
