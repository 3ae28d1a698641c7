import { devNull, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { type EnvironmentHost, HostedEnvironment, type InvokeRequest } from './hosted-environment.ts';
import { type FromHost, type FunctionDefinition, type HostData, stateCells, type ToHost, type WireCall, type WireReply } from './messages.ts';
import { Outbox, type Port, postable } from './outbox.ts';

export interface FunctionHostOptions {
  readonly wall: Clock;
  /** Serves what a handler's SDK client sends. */
  readonly wire: (call: WireCall) => Promise<WireReply>;
  /** It has been silent for `silenceMs` while something ran in it; `running` is whose code it is in, as far as it knew. */
  readonly onBlocked: (host: FunctionHost, running: HostedEnvironment | undefined) => void;
  /** It has ended, and every environment in it; `culprit` is the one whose endless loop or crash was the reason, as far as is known. */
  readonly onGone: (host: FunctionHost, culprit: HostedEnvironment | undefined, reason: string) => void;
  /** MB of heap that all environments in it share; default: 2 GB, or half of the machine's memory where that is less. */
  readonly heapMb?: number;
}

/** Heap of a host: enough for many environments, and not so much that a leaking function takes the machine down. */
const defaultHeapMb = Math.min(2048, Math.floor(totalmem() / 2 ** 21));

/** A host that says nothing for this long, while something runs in it, and then has not come to any message for as long again, is blocked. */
const silenceMs = 500;
/** What a host is given to answer once an invocation in it is overdue. */
const graceMs = 250;

const entry = new URL(import.meta.url.endsWith('.ts') ? './host/main.ts' : './host/main.js', import.meta.url);

/**
 * One worker thread with the environments in it. Handlers cannot be trusted to give it back: when an overdue invocation keeps
 * it silent, the thread is ended, because nothing else stops a synchronous loop. That takes the neighbours with it, which
 * AWS's isolation would not: their idle environments start cold again, invocations that the host had begun fail (`lost`), those
 * that it had not yet looked at can run elsewhere (`unstarted`).
 */
export class FunctionHost implements EnvironmentHost {
  readonly #options: FunctionHostOptions;
  readonly #worker: Worker;
  readonly #outbox: Outbox<ToHost>;
  readonly #state = new Int32Array(new SharedArrayBuffer(8));
  readonly #environments = new Map<number, HostedEnvironment>();
  readonly #known = new Set<number>();
  /** Environments that start or run an invocation in it now. */
  readonly #working = new Set<number>();
  #heard = true;
  /** Messages that it had begun when it was last asked. */
  #begunThen = 0;
  #blocked = false;
  #gone = false;
  #stopWatch: Cancel | undefined;

  constructor(options: FunctionHostOptions) {
    this.#options = options;
    const data: HostData = { state: this.#state.buffer as SharedArrayBuffer };
    // The host's SDK must not read this machine's AWS configuration; functions get variables of their own.
    const env = { TZ: 'UTC', AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true' };
    this.#worker = new Worker(entry, {
      workerData: data,
      env,
      name: 'functions',
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? defaultHeapMb },
    });
    this.#worker.unref();
    this.#worker.on('message', (messages: readonly FromHost[]) => this.#receive(messages));
    this.#worker.on('error', (error) => this.#crashed(messageOf(error)));
    this.#worker.on('exit', () => this.#crashed('it exited'));
    this.#outbox = new Outbox<ToHost>(this.#worker as Port<ToHost>);
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  get busy(): number {
    return this.#working.size;
  }

  /** Makes a function known, so that the host loads what it requires ahead of the first environment. */
  define(definition: FunctionDefinition): void {
    if (this.#known.has(definition.id)) return;
    this.#known.add(definition.id);
    this.#outbox.post({ kind: 'define', definition });
  }

  forget(definition: number): void {
    if (this.#known.delete(definition)) this.#outbox.post({ kind: 'forget', definition });
  }

  start(id: number, definition: FunctionDefinition, logStream: string): HostedEnvironment {
    this.define(definition);
    const environment = new HostedEnvironment(id, definition, this);
    this.#environments.set(id, environment);
    this.#work(id);
    this.#outbox.post({ kind: 'start', environment: id, definition: definition.id, logStream });
    return environment;
  }

  invoke(environment: HostedEnvironment, request: InvokeRequest): number {
    this.#work(environment.id);
    return this.#outbox.post({ kind: 'invoke', environment: environment.id, ...request });
  }

  drop(environment: HostedEnvironment, overdue: boolean): void {
    this.#environments.delete(environment.id);
    this.#outbox.post({ kind: 'drop', environment: environment.id });
    this.#working.delete(environment.id);
    if (!overdue) return;
    this.#ask();
    this.#options.wall.schedule(this.#blocked ? 0 : graceMs, () => this.#endIfStuck(environment));
  }

  async stop(): Promise<void> {
    this.#gone = true;
    this.#stopWatch?.();
    await this.#worker.terminate();
  }

  /** Posts a ping; whatever the host says next shows that it is not stuck. */
  #ask(): void {
    this.#heard = false;
    this.#begunThen = Atomics.load(this.#state, stateCells.begun);
    this.#outbox.post({ kind: 'ping' });
  }

  /** Whether it said or did anything since it was asked: what it says lies here unread while this thread is busy, and a burst of starts keeps it from speaking. */
  get #alive(): boolean {
    return this.#heard || Atomics.load(this.#state, stateCells.begun) !== this.#begunThen;
  }

  #work(environment: number): void {
    this.#working.add(environment);
    if (!this.#stopWatch) this.#watch();
  }

  #watch(): void {
    let asked = false;
    const look = (): void => {
      if (this.#heard || (asked && this.#alive)) {
        asked = false;
        this.#heard = false;
      } else if (!asked) {
        asked = true;
        this.#ask();
      } else if (!this.#blocked) {
        this.#blocked = true;
        this.#options.onBlocked(this, this.#current());
      }
      this.#stopWatch = this.#working.size > 0 && !this.#gone ? this.#options.wall.schedule(silenceMs, look) : undefined;
    };
    this.#heard = false;
    this.#stopWatch = this.#options.wall.schedule(silenceMs, look);
  }

  #current(): HostedEnvironment | undefined {
    return this.#environments.get(Atomics.load(this.#state, stateCells.running));
  }

  /** Only the environment that the host is stuck in, or one that it cannot name, is a reason to end the host. */
  #endIfStuck(overdue: HostedEnvironment): void {
    if (this.#alive || this.#gone) return;
    const current = this.#current();
    if (current && current !== overdue && this.#working.has(current.id)) return;
    void this.#worker.terminate();
    this.#end(overdue, `${overdue.definition.name} kept it busy past its time-out`);
  }

  /** The thread ended by itself. The environment that it was in is the reason, when that one had something to do. */
  #crashed(reason: string): void {
    const current = this.#current();
    const culprit = current && this.#working.has(current.id) ? current : undefined;
    this.#end(culprit, culprit ? `${reason} (while it ran ${culprit.definition.name})` : reason);
  }

  #end(culprit: HostedEnvironment | undefined, reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#stopWatch?.();
    const begun = Atomics.load(this.#state, stateCells.begun);
    for (const environment of this.#environments.values()) environment.onHostEnded(begun);
    this.#environments.clear();
    this.#options.onGone(this, culprit, reason);
  }

  #receive(messages: readonly FromHost[]): void {
    if (this.#gone) return;
    this.#heard = true;
    this.#blocked = false;
    for (const message of messages) this.#handle(message);
  }

  #handle(message: FromHost): void {
    if (message.kind === 'pong') return;
    if (message.kind === 'wire') {
      this.#serve(message);
      return;
    }
    this.#working.delete(message.environment);
    const environment = this.#environments.get(message.environment);
    if (message.kind === 'result') environment?.onResult(message);
    else if (message.kind === 'started') environment?.onStarted(message);
    else environment?.onDied(message.error);
    if (environment?.dead) this.#environments.delete(environment.id);
  }

  #serve(call: WireCall): void {
    void this.#options.wire(call).then((reply) => {
      if (this.#gone) return;
      const { body, transfer } = postable(reply.body);
      this.#outbox.post({ ...reply, body }, transfer);
    });
  }
}
