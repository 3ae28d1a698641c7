import type { FromHost, FunctionDefinition, InvokeMessage } from '../messages.ts';
import { processMs } from '../messages.ts';
import type { Outbox } from '../outbox.ts';
import { taskRoot } from '../task-root.ts';
import { LambdaContext } from './context.ts';
import { type ErrorPayload, errorPayload, exitError, runtimeError, type traceMapper, unhandledRejection } from './failures.ts';
import { acceptsCallbacks, findHandler, type Handler, RuntimeFailure } from './handler.ts';
import { hostWorks, Invocation } from './invocation.ts';
import { environmentRequire } from './modules.ts';
import { environmentConsole, LogLines, logStream } from './output.ts';
import { ExitSignal, type ProcessView, processView } from './process-view.ts';
import type { CompiledScript } from './script.ts';
import { currentEnvironment } from './sdk.ts';
import { bareNames, shadow } from './shadow.ts';
import { environmentTimers } from './timers.ts';
import { environmentVariables } from './variables.ts';
import type { WireCalls } from './wire-calls.ts';

/** What all environments of a host share. */
export interface HostParts {
  readonly outbox: Outbox<FromHost>;
  readonly calls: WireCalls;
  /** Says whose code runs from now on (see HostData). */
  enter(environment: number): void;
  /** Forgets an environment that has ended. */
  ended(environment: number): void;
}

/** One revision of a function in this host. */
export interface LoadedFunction {
  readonly definition: FunctionDefinition;
  /** What compiling threw (a syntax error) is thrown by each environment's start. */
  readonly script: () => CompiledScript;
  readonly mapTrace: ReturnType<typeof traceMapper>;
}

/**
 * One execution environment: the function's module scope, globals, process, console, timers and SDK clients, none of which
 * another environment sees. Between invocations it is frozen, as on Lambda: timers and requests wait for the next one.
 */
export class Environment {
  readonly id: number;
  readonly definition: FunctionDefinition;
  readonly variables: Record<string, string>;
  readonly #host: HostParts;
  readonly #loaded: LoadedFunction;
  readonly #logStream: string;
  readonly #lines = new LogLines();
  readonly #console = environmentConsole(this.#lines, () => this.#invocation?.message.requestId ?? 'undefined');
  readonly #timers = environmentTimers(this);
  readonly #process: ProcessView;
  #handler: Handler | undefined;
  #invocation: Invocation | undefined;
  #frozen = false;
  #dead = false;
  /** Timers, requests and SDK calls that are open; the event loop of a Lambda process would be kept alive by them. */
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(id: number, loaded: LoadedFunction, host: HostParts, logStreamName: string) {
    this.id = id;
    this.definition = loaded.definition;
    this.#loaded = loaded;
    this.#host = host;
    this.#logStream = logStreamName;
    this.variables = environmentVariables(loaded.definition, logStreamName);
    this.#process = processView({ variables: this.variables, output: () => logStream(this.#lines), exit: (code) => this.#exit(code) });
  }

  /** Evaluates the function's code and reports; the environment can then be invoked, unless that failed. */
  start(): void {
    hostWorks();
    const startedAt = processMs();
    let error: ErrorPayload | undefined;
    try {
      this.#run(() => {
        this.#handler = this.#evaluate();
      });
    } catch (thrown) {
      error = thrown instanceof ExitSignal ? exitError(0, '') : initError(thrown, this.#loaded.mapTrace);
      this.end();
    }
    this.#frozen = true;
    const lines = this.#lines.take();
    this.#host.outbox.post({
      kind: 'started',
      environment: this.id,
      tookMs: processMs() - startedAt,
      ...(error ? { error: JSON.stringify(error) } : {}),
      ...(lines ? { lines } : {}),
    });
  }

  invoke(message: InvokeMessage): void {
    if (this.#dead) return;
    this.#invocation = new Invocation(message);
    this.variables['_X_AMZN_TRACE_ID'] = message.traceId;
    this.#thaw();
    this.#run(() => this.#call(this.#invocation as Invocation));
  }

  /** Runs `task` now, when the environment next runs, or (after its end) never. */
  later(task: () => void): void {
    if (this.#dead) return;
    if (this.#frozen) this.#waiting.push(task);
    else {
      this.#host.enter(this.id);
      try {
        this.#run(task);
      } catch (thrown) {
        this.crash(thrown);
      }
    }
  }

  /** Something opened that keeps a handler with a callback going: its answer waits until all that is open has closed. */
  opened(): void {
    this.#pending++;
    this.#invocation?.wentOn();
  }

  closed(): void {
    this.#pending--;
    if (this.#pending === 0) this.#answerIdle();
  }

  /** The instant (processMs) at which the running invocation would be now, had all it waited for come when due. */
  modelledNow(): number {
    this.#invocation?.wentOn();
    return processMs() - (this.#invocation?.lateMs ?? 0);
  }

  /** Something that the running invocation may wait for has come, which was due at `dueMs` (processMs). */
  came(dueMs: number): void {
    this.#invocation?.came(dueMs, processMs());
  }

  /** Logs a warning of the SDK as the function's own console would. */
  warn(text: string): void {
    this.later(() => this.#console.warn(text));
  }

  /** An error that nothing caught: the function's process ends. */
  crash(thrown: unknown): void {
    if (this.#dead || thrown instanceof ExitSignal) return;
    if (this.#process.events.listenerCount('uncaughtException') > 0) {
      this.#process.events.emit('uncaughtException', thrown, 'uncaughtException');
      return;
    }
    this.#die(errorPayload(thrown, this.#loaded.mapTrace));
  }

  rejected(reason: unknown, promise: Promise<unknown>): void {
    if (this.#dead || reason instanceof ExitSignal) return;
    if (this.#process.events.listenerCount('unhandledRejection') > 0) {
      this.#process.events.emit('unhandledRejection', reason, promise);
      return;
    }
    this.#die(unhandledRejection(reason, this.#loaded.mapTrace));
  }

  /** Stops everything of it: nothing of what it left behind runs, sends or is answered. */
  end(): void {
    this.#dead = true;
    this.#host.ended(this.id);
    this.#waiting = [];
    this.#timers.stop();
    if (this.#invocation && !this.#invocation.done) this.#invocation.end();
  }

  #run<Result>(task: () => Result): Result {
    return currentEnvironment.run(this, task);
  }

  #thaw(): void {
    this.#frozen = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const task of waiting) this.later(task);
  }

  #evaluate(): Handler {
    const { definition, script } = this.#loaded;
    const compiled = script();
    const { functions, promises } = this.#timers;
    const { process } = this.#process;
    const console = this.#console;
    const own: Record<PropertyKey, unknown> = { process, console, ...functions };
    const globals = shadow(globalThis, own);
    own['globalThis'] = own['global'] = globals;
    const modules = { process, timers: { ...functions, promises }, 'timers/promises': promises, console };
    const require = environmentRequire(this, modules, this.#host.calls);
    const module = { exports: {} as Record<string, unknown> };
    const file = `${taskRoot}/index.js`;
    const names = { __filename: file, __dirname: taskRoot, __moduleUrl: `file://${file}` };
    const values = { ...names, exports: module.exports, require, module, process, console, globalThis: globals, global: globals, ...functions };
    compiled.evaluate(values, compiled.bareNames === 'none' ? undefined : bareNames(own, compiled.bareNames === 'sloppy'));
    return findHandler(module.exports, definition.handler, definition.runtime);
  }

  #call(invocation: Invocation): void {
    const { message } = invocation;
    const context = new LambdaContext(this.definition, this.#logStream, message);
    const fail = (thrown: unknown): void => this.#finish(invocation, errorPayload(thrown, this.#loaded.mapTrace));
    const succeed = (value: unknown): void => this.#succeed(invocation, value);
    const callbacks = acceptsCallbacks(this.definition.runtime);
    let called = false;
    const callback = (error?: unknown, value?: unknown): void => {
      if (called) return;
      called = true;
      const answer = (): void => (error === undefined || error === null ? succeed(value) : fail(error));
      if (context.callbackWaitsForEmptyEventLoop) this.#whenIdle(invocation, answer);
      else answer();
    };
    // Not called as a member: `this` of a handler is nothing of the lab's.
    const handler = this.#handler as Handler;
    try {
      const returned = handler(JSON.parse(message.payload), context, callback);
      if (isPromise(returned)) returned.then(succeed, fail);
      else if (!callbacks) succeed(returned);
      else if (!called) this.#whenIdle(invocation, () => succeed(null));
    } catch (thrown) {
      if (!(thrown instanceof ExitSignal)) fail(thrown);
    }
  }

  #succeed(invocation: Invocation, value: unknown): void {
    if (invocation.done) return;
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch (thrown) {
      this.#finish(invocation, runtimeError('Runtime.MarshalError', `Unable to stringify response body as json: ${String(thrown)}`));
    }
    this.#finish(invocation, undefined, text ?? 'null');
  }

  /** Has `task` answer once nothing is open any more: the handler neither waits for a timer nor for an answer. */
  #whenIdle(invocation: Invocation, task: () => void): void {
    invocation.atIdle = task;
    this.#answerIdle();
  }

  /** Looks once what has closed last has had its say: it may open something new, or call back. */
  #answerIdle(): void {
    const invocation = this.#invocation;
    if (!invocation?.atIdle || this.#pending > 0) return;
    setImmediate(() => {
      if (this.#pending === 0 && !invocation.done && !this.#dead) invocation.atIdle?.();
    });
  }

  #finish(invocation: Invocation, error: ErrorPayload | undefined, payload = JSON.stringify(error), dead = false): void {
    if (invocation.done) return;
    const cpuMs = invocation.end();
    this.#invocation = undefined;
    this.#frozen = true;
    const lines = this.#lines.take();
    const { startedAt, lateMs } = invocation;
    this.#host.outbox.post({
      kind: 'result',
      environment: this.id,
      payload,
      failed: error !== undefined,
      dead,
      startedAt,
      endedAt: processMs(),
      lateMs,
      ...(cpuMs === undefined ? {} : { cpuMs }),
      ...(lines ? { lines } : {}),
    });
  }

  #exit(code: number): void {
    this.#die(exitError(code, this.#invocation?.message.requestId ?? ''));
  }

  #die(error: ErrorPayload): void {
    if (this.#dead) return;
    const invocation = this.#invocation;
    if (invocation) this.#finish(invocation, error, undefined, true);
    else this.#host.outbox.post({ kind: 'died', environment: this.id, error: JSON.stringify(error) });
    this.end();
  }
}

function initError(thrown: unknown, mapTrace: (stack: string) => string): ErrorPayload {
  if (thrown instanceof RuntimeFailure) return thrown.payload;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'MODULE_NOT_FOUND') return runtimeError('Runtime.ImportModuleError', `Error: ${(thrown as Error).message.split('\n')[0]}`);
  if (thrown instanceof SyntaxError) return runtimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${thrown.message}`);
  return errorPayload(thrown, mapTrace);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}
