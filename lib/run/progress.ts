import { type Cancel, type Clock, monotonicMs, wallClock } from '../core/clock.ts';
import type { ProgressState } from '../report/progress.ts';
import type { LiveTraffic } from './live.ts';
import type { Terminal } from './terminal.ts';

const stageNames = ['prepare', 'warm-up', 'baseline', 'fault', 'recovery', 'drain', 'collect'] as const;
export type Stage = (typeof stageNames)[number];

/** Keeps what the terminal shows, and shows it once a second. */
export class RunProgress {
  readonly #terminal: Terminal;
  readonly #exercise: string;
  readonly #site: string;
  readonly #stages: readonly Stage[];
  readonly #startedMs = monotonicMs();
  #stage: Stage = 'prepare';
  #activity: string | undefined;
  #clock: Clock | undefined;
  #stageEndMs: number | undefined;
  #runEndMs: number | undefined;
  #fault: ProgressState['fault'];
  #live: LiveTraffic | undefined;
  readonly #warnings: string[] = [];
  #cancel: Cancel | undefined;

  constructor(terminal: Terminal, exercise: string, site: string, withFault: boolean) {
    this.#terminal = terminal;
    this.#exercise = exercise;
    this.#site = site;
    this.#stages = withFault ? stageNames : stageNames.filter((name) => name !== 'fault' && name !== 'recovery');
  }

  /** Shows the state now and each second from now on. */
  start(): void {
    const tick = (): void => {
      this.#terminal.show(this.#state());
      this.#cancel = wallClock().schedule(1_000, tick);
    };
    tick();
  }

  stop(): void {
    this.#cancel?.();
    this.#terminal.end();
  }

  /** Says what the current stage is busy with. */
  busy(activity: string): void {
    this.#activity = activity;
    this.#terminal.show(this.#state());
  }

  stage(stage: Stage, endMs?: number): void {
    this.#stage = stage;
    this.#stageEndMs = endMs;
    this.#activity = undefined;
    this.#terminal.show(this.#state());
  }

  /** From here on there is traffic, on this clock, until `runEndMs`. */
  traffic(live: LiveTraffic, clock: Clock, runEndMs: number): void {
    this.#live = live;
    this.#clock = clock;
    this.#runEndMs = runEndMs;
  }

  fault(fault: ProgressState['fault']): void {
    this.#fault = fault;
  }

  warn(message: string): void {
    this.#warnings.push(message);
  }

  say(text: string): void {
    this.#terminal.say(text);
  }

  #state(): ProgressState {
    const now = this.#stages.indexOf(this.#stage);
    const remaining = (endMs: number | undefined): number | undefined =>
      this.#clock && endMs !== undefined ? Math.max(0, (endMs - this.#clock.now()) / 1_000 / this.#clock.rate) : undefined;
    const [stageRemainingSec, totalRemainingSec] = [remaining(this.#stageEndMs), remaining(this.#runEndMs)];
    return {
      exercise: this.#exercise,
      site: this.#site,
      stages: this.#stages.map((name, index) => ({ name, state: index < now ? 'done' : index === now ? 'now' : 'next' })),
      elapsedSec: (monotonicMs() - this.#startedMs) / 1_000,
      ...(this.#activity === undefined ? {} : { activity: this.#activity }),
      ...(stageRemainingSec === undefined ? {} : { stageRemainingSec }),
      ...(totalRemainingSec === undefined ? {} : { totalRemainingSec }),
      ...(this.#live ? { traffic: this.#live.state() } : {}),
      ...(this.#fault ? { fault: this.#fault } : {}),
      ...(this.#warnings.length > 0 ? { warnings: this.#warnings } : {}),
    };
  }
}
