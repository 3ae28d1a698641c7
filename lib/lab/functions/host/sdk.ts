import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import timers from 'node:timers';
import type { WireReply } from '../messages.ts';
import type { Environment } from './environment.ts';
import { acceptsCallbacks } from './handler.ts';
import { type ClientConfig, LookedUp, type MadeConfig } from './looked-up.ts';
import { packageView } from './package-view.ts';
import type { WireCalls } from './wire-calls.ts';

/** The parts of the AWS SDK's HTTP types that this host needs; requests and responses are duck-typed there too. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface HandlerOptions {
  readonly abortSignal?: AbortSignal;
  readonly requestTimeout?: number;
}

type Send = (args: object) => Promise<object>;

interface MiddlewareOptions {
  readonly name?: string;
  readonly step: 'initialize' | 'build';
  readonly priority?: 'high' | 'low';
}

interface MiddlewareStack {
  add(middleware: (next: Send) => Send, options: MiddlewareOptions): void;
  remove(name: string): boolean;
}

interface Client {
  readonly config: MadeConfig;
  readonly middlewareStack: MiddlewareStack;
}

type ClientClass = new (config: ClientConfig) => Client;

const noAuth = 'smithy.api#noAuth';
const dummyCredentials = { accessKeyId: 'ASIALABFUNCTION', secretAccessKey: 'lab', sessionToken: 'lab' };

/**
 * An AWS SDK client package as the function sees it: every client class gets the function's region, sends unsigned (nothing here
 * checks signatures, and signing costs more than the call) and reaches the lab through the host instead of a socket.
 */
export function wrapClientPackage(real: Readonly<Record<string, unknown>>, environment: Environment, calls: WireCalls): Record<string, unknown> {
  const clients = [...clientsOf(real)];
  return packageView(real, new Map(clients.map(([name, { Real, lookedUp }]) => [name, () => wrapClient(Real, lookedUp, name, environment, calls)])));
}

interface ClientOfPackage {
  readonly Real: ClientClass;
  readonly lookedUp: LookedUp;
}

/** By package: a few of several hundred exports are clients. */
const clientsOfPackages = new WeakMap<object, ReadonlyMap<string, ClientOfPackage>>();

function clientsOf(real: Readonly<Record<string, unknown>>): ReadonlyMap<string, ClientOfPackage> {
  const known = clientsOfPackages.get(real);
  if (known) return known;
  const base = real['__Client'];
  const clients = new Map<string, ClientOfPackage>();
  for (const [name, value] of typeof base === 'function' ? Object.entries(real) : []) {
    if (typeof value === 'function' && value.prototype instanceof (base as ClientClass))
      clients.set(name, { Real: value as ClientClass, lookedUp: new LookedUp() });
  }
  clientsOfPackages.set(real, clients);
  return clients;
}

function wrapClient(Real: ClientClass, lookedUp: LookedUp, name: string, environment: Environment, calls: WireCalls): ClientClass {
  const Wrapped = class extends Real {
    constructor(config: ClientConfig = {}) {
      const handler = new LabRequestHandler(environment, calls, timeoutsOf(config.requestHandler));
      const given = { ...lookedUp.defaults(environment.variables), ...config };
      const region = config.region ?? environment.variables['AWS_REGION'];
      super({
        ...given,
        region,
        credentials: config['credentials'] ?? dummyCredentials,
        // SQS alone looks at it: a queue's URL has the lab's host, which every call reaches anyway; its client would warn of it each time.
        useQueueUrlAsEndpoint: config['useQueueUrlAsEndpoint'] ?? false,
        // S3 alone looks at it: the lab sees no host, so a bucket's name must be in the path.
        forcePathStyle: true,
        httpAuthSchemeProvider: () => [{ schemeId: noAuth }],
        httpAuthSchemes: [{ schemeId: noAuth, identityProvider: () => async () => ({}), signer: { sign: async (request: unknown) => request } }],
        requestHandler: handler,
      });
      handler.service = this.config.defaultSigningName ?? '';
      idleWithoutNetwork(this.middlewareStack, config['logger'] !== undefined);
      lookedUp.made(this.config, given, region);
      quickToCopy(this.config);
      // Between two attempts nothing is on the wire, but a handler with a callback still waits for the answer.
      if (acceptsCallbacks(environment.definition.runtime)) this.middlewareStack.add(keptOpen(environment), { step: 'initialize', priority: 'high' });
    }
  };
  Object.defineProperty(Wrapped, 'name', { value: name });
  return Wrapped;
}

/** What only writes headers that the lab does not read (see `unsent`), or logs: a third of what a call costs. */
const networkOnly: readonly MiddlewareOptions[] = [
  { name: 'getUserAgentMiddleware', step: 'build', priority: 'low' },
  { name: 'hostHeaderMiddleware', step: 'build', priority: 'low' },
  { name: 'recursionDetectionMiddleware', step: 'build', priority: 'low' },
];
const logging: MiddlewareOptions = { name: 'loggerMiddleware', step: 'initialize' };

/** Has them do nothing, under their names, because a function may put middleware of its own beside them. */
function idleWithoutNetwork(stack: MiddlewareStack, logs: boolean): void {
  for (const options of logs ? networkOnly : [...networkOnly, logging]) {
    if (stack.remove(options.name ?? '')) stack.add((next) => next, options);
  }
}

/**
 * The SDK copies a client's configuration three times a call (`{ ...config }`): half of what the rest of a call costs, because of its one accessor, and
 * because the engine keeps an object that was put together piece by piece as a hash table. It lays prototypes out anew once something is read through them.
 */
function quickToCopy(config: Client['config']): void {
  Object.defineProperty(config, 'credentials', { value: config.credentials, writable: true, enumerable: true, configurable: true });
  void (Object.create(config) as Client['config']).defaultSigningName;
}

/** Counts a call of the SDK as open from its first attempt to its answer. */
function keptOpen(environment: Environment): (next: Send) => Send {
  return (next) => (args) => {
    environment.opened();
    return next(args).finally(() => environment.closed());
  };
}

/** The time-outs of the SDK's Node handler that the lab honours; there is no connecting here. */
interface Timeouts {
  readonly requestTimeout?: number;
  /** Without it a request that exceeds its time-out is only warned of. */
  readonly throwOnRequestTimeout?: boolean;
  /** Silence that fails a request; the lab's answers come in one piece, so it is one of the whole request. */
  readonly socketTimeout?: number;
}

/** Those of what a function gave as requestHandler: options, or a handler built with them. */
function timeoutsOf(requestHandler: unknown): Timeouts {
  const given = requestHandler as (Timeouts & { httpHandlerConfigs?: () => Timeouts }) | undefined;
  const { requestTimeout, throwOnRequestTimeout, socketTimeout } = given?.httpHandlerConfigs?.() ?? given ?? {};
  return {
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
    ...(throwOnRequestTimeout === undefined ? {} : { throwOnRequestTimeout }),
    ...(socketTimeout === undefined ? {} : { socketTimeout }),
  };
}

/** Headers that only describe the SDK; they would be half of each message. */
const unsent: ReadonlySet<string> = new Set(['user-agent', 'x-amz-user-agent', 'amz-sdk-invocation-id', 'amz-sdk-request', 'content-length']);

class LabRequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  service = '';
  readonly #environment: Environment;
  readonly #calls: WireCalls;
  #timeouts: Timeouts;

  constructor(environment: Environment, calls: WireCalls, timeouts: Timeouts) {
    this.#environment = environment;
    this.#calls = calls;
    this.#timeouts = timeouts;
  }

  async handle(
    request: SdkRequest,
    options: HandlerOptions = {},
  ): Promise<{ response: { statusCode: number; headers: object; body: Uint8Array | Readable } }> {
    const { abortSignal } = options;
    if (abortSignal?.aborted) throw abortError(abortSignal);
    const body = typeof request.body === 'string' || request.body instanceof Uint8Array ? request.body : await bytesOf(request.body);
    const sent = this.#calls.send(this.#environment, {
      method: request.method,
      path: request.path,
      query: queryText(request.query),
      headers: sentHeaders(request.headers),
      body,
      service: this.service,
    });
    const requestTimeout = options.requestTimeout ?? this.#timeouts.requestTimeout;
    const bounds = abortSignal || requestTimeout || this.#timeouts.socketTimeout;
    const reply = bounds ? await this.#bounded(sent, abortSignal, requestTimeout) : await sent;
    return {
      response: { statusCode: reply.status, headers: reply.headers, body: this.service === 's3' ? streamOf(replyBytes(reply)) : replyBytes(reply) },
    };
  }

  destroy(): void {}

  updateHttpClientConfig(key: string, value: unknown): void {
    this.#timeouts = timeoutsOf({ ...this.#timeouts, [key]: value });
  }

  httpHandlerConfigs(): Timeouts {
    return this.#timeouts;
  }

  /** Rejects, or warns, as the SDK's Node handler does, so that its retry rules see what they know. */
  #bounded(sent: Promise<WireReply>, signal: AbortSignal | undefined, requestTimeout: number | undefined): Promise<WireReply> {
    const { throwOnRequestTimeout, socketTimeout } = this.#timeouts;
    return new Promise((resolve, fail) => {
      const reject = (error: Error): void => {
        stop();
        fail(error);
      };
      const onRequestTimeout = (): void => {
        const text = `a request has exceeded the configured ${requestTimeout} ms requestTimeout.`;
        if (throwOnRequestTimeout) reject(timeoutError(`[ERROR] ${text}`));
        else
          this.#environment.warn(
            `${handlerName} - [WARN] ${text} Init client requestHandler with throwOnRequestTimeout=true to turn this into an error.`,
          );
      };
      const onSilence = (): void => reject(timeoutError(`the request socket timed out after ${socketTimeout} ms of inactivity (socketTimeout).`));
      const onAbort = (): void => reject(abortError(signal as AbortSignal));
      const open = [
        ...(requestTimeout ? [timers.setTimeout(onRequestTimeout, requestTimeout)] : []),
        ...(socketTimeout ? [timers.setTimeout(onSilence, socketTimeout)] : []),
      ];
      signal?.addEventListener('abort', onAbort, { once: true });
      const stop = (): void => {
        for (const timer of open) clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      void sent.then((reply) => {
        stop();
        resolve(reply);
      });
    });
  }
}

const handlerName = '@smithy/node-http-handler';

function timeoutError(text: string): Error {
  return Object.assign(named('TimeoutError', `${handlerName} - ${text}`), { code: 'ETIMEDOUT' });
}

function replyBytes({ body }: WireReply): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

/** Objects of S3 reach functions as streams, and its client takes nothing else for one. */
function streamOf(bytes: Uint8Array): Readable {
  return Readable.from([bytes], { objectMode: false });
}

function sentHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name in headers) {
    const lower = name.toLowerCase();
    if (!unsent.has(lower)) sent[lower] = headers[name] as string;
  }
  return sent;
}

/** Percent-encoding as the SDK's own handlers do it: keys sorted, RFC 3986. */
function queryText(query: SdkRequest['query']): string {
  if (!query) return '';
  const parts: string[] = [];
  for (const key of Object.keys(query).sort()) {
    const value = query[key];
    for (const each of Array.isArray(value) ? value : [value]) {
      const name = encode(key);
      parts.push(typeof each === 'string' ? `${name}=${encode(each)}` : name);
    }
  }
  return parts.join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function bytesOf(body: unknown): Promise<Uint8Array | string> {
  if (body === undefined || body === null) return '';
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function abortError(signal: AbortSignal): Error {
  return Object.assign(named('AbortError', 'Request aborted'), { cause: signal.reason });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** The environment whose code runs; what Node reports as uncaught is blamed on it. */
export const currentEnvironment = new AsyncLocalStorage<Environment>();
