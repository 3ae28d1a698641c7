import type { Clock } from '../../core/clock.ts';
import { isoTime } from '../../core/time-format.ts';
import { type ActiveFault, type Injection, injectionOf } from '../../models/fis/extension/fault.ts';
import { ExtensionPolling } from '../../models/fis/extension/polling.ts';
import type { ExtensionSettings } from '../../models/fis/extension/settings.ts';

/** What the extension of an environment works with. */
interface ExtensionTools {
  /** The lab's: polls are on it. */
  readonly clock: Clock;
  readonly frozenPollMaxMs: number;
  /** Wall milliseconds that one poll takes. */
  readonly pollMs: () => number;
  /** Decides which invocations a fault hits. */
  readonly share: () => number;
  /** The function's active faults as its role may read them now. */
  readonly read: () => Promise<readonly ActiveFault[]>;
}

/** What the extension does to one invocation. */
interface ExtendedInvocation extends Injection {
  /** Wall milliseconds before the handler, the wait for a poll included. */
  readonly beforeMs: number;
  readonly lines: readonly string[];
}

/**
 * The extension of AWS FIS in one environment. It looks for faults as the environment starts, and then polls as {@link ExtensionPolling} says;
 * what a poll finds is read at the invocation's start or end that it comes before or after.
 */
export class FisExtension {
  readonly #settings: ExtensionSettings;
  readonly #tools: ExtensionTools;
  readonly #polling: ExtensionPolling;
  #reading: Promise<void> | undefined;
  #lines: string[] = [];

  constructor(settings: ExtensionSettings, tools: ExtensionTools) {
    this.#settings = settings;
    this.#tools = tools;
    this.#polling = new ExtensionPolling(settings, tools.frozenPollMaxMs, tools.clock.now(), tools.pollMs);
    this.#log('extension enabled');
    this.#read();
  }

  async begin(): Promise<ExtendedInvocation> {
    await this.#reading;
    const { waitMs, answered } = this.#polling.begin(this.#tools.clock.now());
    if (answered) this.#read();
    await this.#reading;
    const injection = injectionOf(this.#polling.faults, this.#tools.share());
    if (injection.delayMs > 0) this.#log(`adding ${injection.delayMs} milliseconds of latency to function invocation`);
    const lines = this.#lines;
    this.#lines = [];
    return { ...injection, beforeMs: waitMs + injection.delayMs, lines };
  }

  /** The invocation ended, `ranMs` of the wall after its poll was waited for. */
  end(ranMs: number): void {
    const { clock } = this.#tools;
    if (this.#polling.end(clock.now(), ranMs, clock.rate)) this.#read();
  }

  #read(): void {
    const { clock, read } = this.#tools;
    this.#reading = read().then((faults) => {
      this.#polling.answer(faults, clock.now());
      const { slowPollMs, hotPollMs } = this.#settings;
      const interval = `(updated polling interval ${(faults.length > 0 ? hotPollMs : slowPollMs) / 1000}s)`;
      this.#log(`${faults.length > 0 ? 'found' : 'no'} active faults ${faults.length > 0 ? '' : 'found '}${interval}`);
      this.#reading = undefined;
    });
  }

  /** As the extension logs in text format. */
  #log(text: string): void {
    if (this.#settings.logsInfo) this.#lines.push(`${isoTime(this.#tools.clock.now())} INFO AWS FIS EXTENSION - ${text}`);
  }
}
