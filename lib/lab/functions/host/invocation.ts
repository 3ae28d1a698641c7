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

const nothingCame = Number.NEGATIVE_INFINITY;

/** Marks that the host did something for somebody else. */
export function hostWorks(): void {
  if (sole) sole.shared = true;
}

/** One invocation in one environment, from its start to the first of its ends. */
export class Invocation {
  readonly message: InvokeMessage;
  readonly startedAt = processMs();
  readonly #cpuAtStart: number;
  #dueMs = nothingCame;
  #cameMs = 0;
  /** Something else ran in the host meanwhile. */
  shared: boolean;
  /** How far it is behind the instant at which it would be had all it waited for come when due; below 0 where it is ahead. */
  lateMs: number;
  done = false;
  /** What answers once nothing is open any more; only of handlers that are given a callback. */
  atIdle: (() => void) | undefined;

  constructor(message: InvokeMessage) {
    this.message = message;
    this.lateMs = this.startedAt - message.dueAt;
    this.shared = underWay > 0;
    hostWorks();
    underWay++;
    sole = this.shared ? undefined : this;
    this.#cpuAtStart = this.shared ? 0 : cpuNowMs();
  }

  /** A call was answered or a timer fired at `atMs`, and was due at `dueMs`. */
  came(dueMs: number, atMs: number): void {
    if (dueMs > this.#dueMs) this.#dueMs = dueMs;
    this.#cameMs = atMs;
  }

  /**
   * The handler did something: what came last may be what it waited for. Of several that came before it went on, it waited for the
   * latest due. So calls side by side are late once, and a timer that nothing follows is not late at all. What is due is due on the
   * handler's modelled course (`Environment.modelledNow`): a late answer brings the next one forward, so lateness does not add up.
   */
  wentOn(): void {
    if (this.#dueMs === nothingCame) return;
    this.lateMs = this.#cameMs - Math.max(this.#dueMs, this.message.dueAt);
    this.#dueMs = nothingCame;
  }

  /** Ends it; its CPU time, when nothing else was in it. */
  end(): number | undefined {
    this.wentOn();
    this.done = true;
    underWay--;
    if (sole === this) sole = undefined;
    return this.shared ? undefined : cpuNowMs() - this.#cpuAtStart;
  }
}
