import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { taskRoot } from '../task-root.ts';
import { shadow } from './shadow.ts';

/** Thrown by `process.exit` to unwind the caller; the environment has ended by then. */
export class ExitSignal extends Error {
  constructor() {
    super('the process of the function has exited');
    this.name = 'ExitSignal';
  }
}

export interface ProcessParts {
  readonly variables: Record<string, string>;
  readonly output: () => Writable;
  /** Ends the environment; `code` as for process.exit. */
  readonly exit: (code: number) => void;
}

export interface ProcessView {
  readonly process: NodeJS.Process;
  /** Listeners that the function has put on its process: none of the host's own events reach them except by the environment. */
  readonly events: EventEmitter;
}

/** `process` as one environment sees it: variables, listeners, output and end of its own; figures and versions of the host. */
export function processView({ variables, output, exit }: ProcessParts): ProcessView {
  const events = new EventEmitter();
  const leave = (code?: number | string | null): never => {
    exit(Number(code ?? view.exitCode ?? 0));
    throw new ExitSignal();
  };
  const own: Record<PropertyKey, unknown> = {
    env: textVariables(variables),
    exit: leave,
    reallyExit: leave,
    abort: () => leave(134),
    // There is one process for the whole lab: a signal to itself ends the environment, any other is not sent.
    kill: (pid: number) => (pid === process.pid ? leave(137) : false),
    exitCode: undefined,
    cwd: () => taskRoot,
    chdir: () => undefined,
    argv: [process.execPath, '/var/runtime/index.mjs'],
  };
  for (const stream of ['stdout', 'stderr']) Object.defineProperty(own, stream, { get: output, enumerable: true, configurable: true });
  for (const method of emitterMethods) own[method] = (...values: unknown[]) => Reflect.apply(events[method] as () => unknown, events, values);
  const view = shadow(process, own);
  return { process: view, events };
}

const emitterMethods = [
  'on',
  'once',
  'off',
  'emit',
  'addListener',
  'removeListener',
  'removeAllListeners',
  'prependListener',
  'prependOnceListener',
  'listeners',
  'listenerCount',
  'eventNames',
] as const;

/** Variables turn what is written into text, as those of a process do. */
function textVariables(variables: Record<string, string>): Record<string, string> {
  return new Proxy(variables, {
    set: (target, key, value) => {
      if (typeof key === 'string') target[key] = String(value);
      return true;
    },
  });
}
