import { AwsError } from '../../../core/errors.ts';
import { invalidToken } from './errors.ts';

/** Used tokens that are remembered: a later use is told from that of a token that never was. */
const maxUsed = 100_000;

/** AWS's longest. */
const maxTokenLength = 2048;

/** Tokens of tasks that wait for a callback, and what they lead to. */
export class TaskTokens<Waiting> {
  readonly #open = new Map<string, Waiting>();
  readonly #used = new Set<string>();

  add(token: string, waiting: Waiting): void {
    this.#open.set(token, waiting);
  }

  /** The task is over: answered, timed out, or its execution ended. */
  close(token: string): void {
    if (!this.#open.delete(token)) return;
    this.#used.add(token);
    if (this.#used.size <= maxUsed) return;
    for (const oldest of this.#used) {
      this.#used.delete(oldest);
      break;
    }
  }

  /** What waits under `token`; AWS's refusals of a token that is none, that was used or has timed out, and that leads to nothing. */
  get(token: string): Waiting {
    const waiting = this.#open.get(token);
    if (waiting !== undefined) return waiting;
    if (this.#used.has(token)) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    if (token === '' || token.length > maxTokenLength || !/^[A-Za-z0-9+/=._-]{16,}$/.test(token)) throw invalidToken();
    throw new AwsError('TaskDoesNotExist', 'The task does not exist.');
  }
}
