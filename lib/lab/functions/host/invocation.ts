import type { InvokeMessage } from '../messages.ts';
import { processMs } from '../messages.ts';

const cpuNowMs: () => number =
  typeof process.threadCpuUsage === 'function'
    ? () => {
        const { user, system } = process.threadCpuUsage();
        return (user + system) / 1000;
      }
    : // Node 22 cannot tell a thread's CPU time; the time in which its event loop was busy comes near.
      () => performance.eventLoopUtilization().active;

/** Invocations under way in this host, so that CPU time is only ever read of one that ran alone. */
let underWay = 0;
let sole: Invocation | undefined;

/** Marks that the host did something for somebody else. */
export function hostWorks(): void {
  if (sole) sole.shared = true;
}

/** One invocation in one environment, from its start to the first of its ends. */
export class Invocation {
  readonly message: InvokeMessage;
  readonly startedAt = processMs();
  readonly #cpuAtStart: number;
  /** Something else ran in the host meanwhile. */
  shared: boolean;
  lateMs = 0;
  done = false;
  /** What answers once nothing is open any more; only of handlers that are given a callback. */
  atIdle: (() => void) | undefined;

  constructor(message: InvokeMessage) {
    this.message = message;
    this.shared = underWay > 0;
    hostWorks();
    underWay++;
    sole = this.shared ? undefined : this;
    this.#cpuAtStart = this.shared ? 0 : cpuNowMs();
  }

  /** Ends it; its CPU time, when nothing else was in it. */
  end(): number | undefined {
    this.done = true;
    underWay--;
    if (sole === this) sole = undefined;
    return this.shared ? undefined : cpuNowMs() - this.#cpuAtStart;
  }
}
