import type { FunctionDefinition, ResultMessage } from './messages.ts';

/** How an environment's start went. */
export interface StartReport {
  /** Wall milliseconds that evaluating the function's code took. */
  readonly tookMs: number;
  /** AWS's error payload (JSON) when it failed; the environment has ended then. */
  readonly error?: string;
  readonly lines?: readonly string[];
}

/** How an invocation ended: with a result, or, through no fault of its own, because its host had to be ended, after or before its handler ran. */
export type InvocationEnd = ResultMessage | { readonly kind: 'lost' | 'unstarted' };

export interface InvokeRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly timeoutMs: number;
  readonly traceId: string;
  /** When it was to begin (processMs). */
  readonly dueAt: number;
}

/** What an environment needs of the host in which it lives. */
export interface EnvironmentHost {
  /** Silent for long while something runs in it. */
  readonly blocked: boolean;
  /** Gives the number of the message, to tell later whether the host had begun it. */
  invoke(environment: HostedEnvironment, request: InvokeRequest): number;
  /** Ends it; `overdue` says that its invocation did not end in time, so the host may be stuck in it. */
  drop(environment: HostedEnvironment, overdue: boolean): void;
}

/** One execution environment as the lab's main thread sees it; it serves one invocation at a time. */
export class HostedEnvironment {
  readonly id: number;
  readonly definition: FunctionDefinition;
  readonly started: Promise<StartReport>;
  readonly #host: EnvironmentHost;
  #start: (report: StartReport) => void = () => undefined;
  #end: ((end: InvocationEnd) => void) | undefined;
  #message = 0;
  #served = 0;
  #dead = false;

  constructor(id: number, definition: FunctionDefinition, host: EnvironmentHost) {
    this.id = id;
    this.definition = definition;
    this.#host = host;
    this.started = new Promise((resolve) => {
      this.#start = resolve;
    });
  }

  /** Whether an invocation may be given to it now. */
  get usable(): boolean {
    return !this.#dead && !this.#host.blocked;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Invocations given to it so far. */
  get served(): number {
    return this.#served;
  }

  get busy(): boolean {
    return this.#end !== undefined;
  }

  invoke(request: InvokeRequest): Promise<InvocationEnd> {
    return new Promise((resolve) => {
      if (this.#dead) {
        resolve({ kind: 'unstarted' });
        return;
      }
      this.#end = resolve;
      this.#served++;
      this.#message = this.#host.invoke(this, request);
    });
  }

  /** Ends it as Lambda ends a sandbox whose time is over: its invocation never answers. */
  abandon(): void {
    this.#finish(true);
  }

  /** Ends an idle one. */
  drop(): void {
    this.#finish(false);
  }

  #finish(overdue: boolean): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#end = undefined;
    this.#host.drop(this, overdue);
  }

  /** The host reports. */
  onStarted(report: StartReport): void {
    if (report.error !== undefined) this.#dead = true;
    this.#start(report);
  }

  /** The host reports. */
  onResult(result: ResultMessage): void {
    if (result.dead) this.#dead = true;
    const end = this.#end;
    this.#end = undefined;
    end?.(result);
  }

  /** The host reports: the environment ended by itself, between invocations or as the next one was on its way. */
  onDied(error: string): void {
    this.#settle(
      { tookMs: 0, error },
      { kind: 'result', environment: this.id, payload: error, failed: true, dead: true, startedAt: 0, endedAt: 0, lateMs: 0 },
    );
  }

  /** Its host has ended, having begun `begun` messages. An environment whose start was lost counts as started: its invocation is then unstarted. */
  onHostEnded(begun: number): void {
    this.#settle({ tookMs: 0 }, { kind: this.#message > begun ? 'unstarted' : 'lost' });
  }

  #settle(start: StartReport, result: InvocationEnd): void {
    if (this.#dead) return;
    this.#dead = true;
    const end = this.#end;
    this.#end = undefined;
    this.#start(start);
    end?.(result);
  }
}
