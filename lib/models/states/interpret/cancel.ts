import { closeTask } from './task.ts';
import { stopTimer, type Thread, type Turn } from './turn.ts';

/** Stops whatever a thread waits for, and the threads below it; its number in the runner's hands means nothing any more. */
export function cancelThread(turn: Turn, thread: Thread): void {
  for (const child of thread.fan?.children ?? []) cancelThread(turn, child);
  thread.remains = thread.fan ?? thread.remains;
  thread.fan = undefined;
  if (thread.phase === 'task') {
    turn.effects.push({ kind: 'cancel-task', task: thread.handle });
    closeTask(turn, thread);
  } else if (thread.phase === 'map-run') {
    turn.effects.push({ kind: 'cancel-map-run', mapRun: thread.handle });
    turn.execution.waiting.delete(thread.handle);
  } else if (thread.phase === 'waiting' || thread.phase === 'backoff') stopTimer(turn, thread.handle);
  else turn.execution.waiting.delete(thread.handle);
  thread.phase = 'done';
}
