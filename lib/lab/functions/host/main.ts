import { parentPort, workerData } from 'node:worker_threads';
import { type FromHost, type FunctionDefinition, type HostData, stateCells, type ToHost } from '../messages.ts';
import { Outbox, type Port } from '../outbox.ts';
import { Environment, type HostParts, type LoadedFunction } from './environment.ts';
import { traceMapper } from './failures.ts';
import { preload } from './modules.ts';
import { type CompiledScript, compile } from './script.ts';
import { currentEnvironment } from './sdk.ts';
import { WireCalls } from './wire-calls.ts';

/** A function host: the thread in which environments live. It does what the lab's main thread tells it, and nothing by itself. */
if (!parentPort) throw new Error('a function host runs in a worker thread');
const port = parentPort;
const state = new Int32Array((workerData as HostData).state);
const outbox = new Outbox<FromHost>(port as Port<FromHost>);
const calls = new WireCalls(outbox);
const functions = new Map<number, LoadedFunction>();
const environments = new Map<number, Environment>();
const host: HostParts = {
  outbox,
  calls,
  enter: (environment) => Atomics.store(state, stateCells.running, environment),
  ended: (environment) => environments.delete(environment),
};

function define(definition: FunctionDefinition): void {
  let compiled: CompiledScript | undefined;
  const script = (): CompiledScript => {
    compiled ??= compile(definition.code);
    return compiled;
  };
  functions.set(definition.id, { definition, script, mapTrace: traceMapper(definition.map) });
  preload(definition.externals, definition.folder);
}

function start(id: number, definition: number, logStream: string): void {
  const loaded = functions.get(definition);
  if (!loaded) throw new Error(`the host does not know function ${definition}`);
  const environment = new Environment(id, loaded, host, logStream);
  environments.set(id, environment);
  environment.start();
}

const handlers: { readonly [Kind in ToHost['kind']]: (message: Extract<ToHost, { kind: Kind }>) => void } = {
  define: ({ definition }) => define(definition),
  forget: ({ definition }) => functions.delete(definition),
  start: ({ environment, definition, logStream }) => {
    host.enter(environment);
    start(environment, definition, logStream);
  },
  invoke: (message) => {
    host.enter(message.environment);
    environments.get(message.environment)?.invoke(message);
  },
  drop: ({ environment }) => environments.get(environment)?.end(),
  reply: (message) => calls.settle(message),
  ping: () => outbox.post({ kind: 'pong' }),
};

port.on('message', (messages: readonly ToHost[]) => {
  for (const message of messages) {
    Atomics.add(state, stateCells.begun, 1);
    (handlers[message.kind] as (message: ToHost) => void)(message);
  }
});

// What no code caught ends the environment that it came from, and no other. What came from none is a defect of the host itself.
process.on('uncaughtException', (thrown) => {
  const environment = currentEnvironment.getStore();
  if (!environment) throw thrown;
  environment.crash(thrown);
});
process.on('unhandledRejection', (reason, promise) => {
  const environment = currentEnvironment.getStore();
  if (!environment) throw reason;
  environment.rejected(reason, promise);
});
