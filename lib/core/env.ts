import type { Clock } from './clock.ts';
import type { Rng } from './rng.ts';

/** Where text goes, and whether a person is watching. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** All of the process that commands may touch; built once in `cli/main.ts`, replaced in tests. */
export interface Env {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Calls `handler` at each SIGINT or SIGTERM; returns what removes it. */
  onSignal(handler: () => void): () => void;
  /** Calls `handler` with each failure that nobody caught or waited for, which then does not end the process; returns what removes it. */
  onStray(handler: (thrown: unknown) => void): () => void;
  /** Ends the process at once, without waiting for anything (second Ctrl-C). */
  exitNow(code: number): void;
}
