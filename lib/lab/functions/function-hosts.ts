import { availableParallelism } from 'node:os';
import type { Clock } from '../../core/clock.ts';
import type { WireRequest, WireResponse } from '../contract.ts';
import { FunctionHost, type FunctionHostOptions } from './function-host.ts';
import type { HostedEnvironment } from './hosted-environment.ts';
import { type FunctionDefinition, processMs, toThreadMs, type WireCall, type WireReply } from './messages.ts';

export interface FunctionHostsOptions {
  readonly wall: Clock;
  readonly wire: (request: WireRequest) => Promise<WireResponse>;
  /** Threads that functions share; default: one less than the machine's cores, at least one. */
  readonly count?: number;
  /** MB of heap of each thread; see FunctionHostOptions. */
  readonly heapMb?: number;
  /** Told when a host had to be ended, or a function was given a host of its own. */
  readonly onIncident?: (text: string) => void;
}

/** Blocked hosts are stood in for by at most this many more. */
const maxStandIns = 4;

/**
 * The worker threads in which functions run. Functions share them, except one that has blocked its host for long, looped or crashed it: it
 * gets a host of its own from then on, so that its neighbours are hit once at most.
 */
export class FunctionHosts {
  readonly #options: FunctionHostsOptions;
  readonly #count: number;
  readonly #definitions = new Map<number, FunctionDefinition>();
  #shared: FunctionHost[] = [];
  /** By function name. */
  readonly #own = new Map<string, FunctionHost | undefined>();
  #nextEnvironment = 1;
  #stopped = false;
  /** How often a host ended: an invocation would not return, or crashed the thread. */
  restarts = 0;

  constructor(options: FunctionHostsOptions) {
    this.#options = options;
    this.#count = options.count ?? Math.max(1, availableParallelism() - 1);
  }

  /** Makes a revision of a function known to the hosts; they load what it requires at once. */
  define(definition: FunctionDefinition): void {
    this.#definitions.set(definition.id, definition);
    if (this.#own.has(definition.name)) this.#own.get(definition.name)?.define(definition);
    else for (const host of this.#sharedHosts()) host.define(definition);
  }

  forget(definition: number): void {
    this.#definitions.delete(definition);
    for (const host of [...this.#shared, ...this.#own.values()]) host?.forget(definition);
  }

  /** Starts an environment in the host that has the least to do. */
  start(definition: number, logStream: string): HostedEnvironment {
    const found = this.#definitions.get(definition);
    if (!found) throw new Error(`no function is defined as ${definition}`);
    return this.#hostFor(found.name).start(this.#nextEnvironment++, found, logStream);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#shared, ...this.#own.values()].map((host) => host?.stop()));
  }

  #hostFor(name: string): FunctionHost {
    if (this.#own.has(name)) {
      const own = this.#own.get(name) ?? new FunctionHost(this.#hostOptions());
      this.#own.set(name, own);
      return own;
    }
    const hosts = this.#sharedHosts();
    const free = hosts.filter((host) => !host.blocked);
    const [best] = (free.length > 0 ? free : hosts).sort((a, b) => a.busy - b.busy);
    return best ?? this.#addShared();
  }

  #sharedHosts(): FunctionHost[] {
    while (this.#shared.length < this.#count) this.#addShared();
    return [...this.#shared];
  }

  #addShared(): FunctionHost {
    const host = new FunctionHost(this.#hostOptions());
    for (const definition of this.#definitions.values()) if (!this.#own.has(definition.name)) host.define(definition);
    this.#shared.push(host);
    return host;
  }

  #hostOptions(): FunctionHostOptions {
    return {
      wall: this.#options.wall,
      wire: (call) => this.#serve(call),
      onBlocked: (host, running) => this.#onBlocked(host, running),
      onGone: (host, culprit, reason) => this.#onGone(host, culprit, reason),
      ...(this.#options.heapMb === undefined ? {} : { heapMb: this.#options.heapMb }),
    };
  }

  #onBlocked(host: FunctionHost, running: HostedEnvironment | undefined): void {
    if (!this.#shared.includes(host)) return;
    if (running) this.#giveOwnHost(running.definition.name, 'blocked its host');
    if (this.#shared.every(({ blocked }) => blocked) && this.#shared.length < this.#count + maxStandIns) this.#addShared();
  }

  #onGone(host: FunctionHost, culprit: HostedEnvironment | undefined, reason: string): void {
    this.#shared = this.#shared.filter((each) => each !== host);
    for (const [name, own] of this.#own) if (own === host) this.#own.set(name, undefined);
    if (this.#stopped) return;
    this.restarts++;
    this.#options.onIncident?.(`a function host was ended: ${reason}`);
    if (culprit) this.#giveOwnHost(culprit.definition.name, 'ended its host');
    if (this.#definitions.size > 0) this.#sharedHosts();
  }

  #giveOwnHost(name: string, why: string): void {
    if (this.#own.has(name)) return;
    this.#own.set(name, undefined);
    this.#options.onIncident?.(`${name} ${why}; from now on it has a host of its own`);
  }

  async #serve(call: WireCall): Promise<WireReply> {
    const { method, path, query, headers, service } = call;
    const response = await this.#options.wire({
      method,
      path,
      query,
      headers,
      service,
      body: typeof call.body === 'string' ? Buffer.from(call.body) : call.body,
      caller: { kind: 'function', functionName: call.functionName },
      // From when the handler sent it, so that the way through the port is part of the modelled time and not on top of it.
      arrivedMs: toThreadMs(call.sentAt),
    });
    const { status, body, modelledMs } = response;
    return { kind: 'reply', id: call.id, status, headers: response.headers, body, modelledMs, repliedAt: processMs() };
  }
}
