import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '../lib/core/clock.ts';
import type { Env, Output } from '../lib/core/env.ts';
import { messageOf, ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { randomSeed, seededRng } from '../lib/core/rng.ts';
import { type Command, commandHelp, parseCommandLine, programHelp } from './command.ts';

/** Each command loads when it is used: the lab must not wait for a compiler. A new command is one line here. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  lab: async () => (await import('./lab.ts')).labCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  recover: async () => (await import('./recover.ts')).recoverCommand,
  gate: async () => (await import('./gate.ts')).gateCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  push: async () => (await import('./push.ts')).pushCommand,
  accept: async () => (await import('./accept.ts')).acceptCommand,
  prices: async () => (await import('./prices.ts')).pricesCommand,
  import: async () => (await import('./import.ts')).importCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

/** What asks a process to end: Ctrl-C, a supervisor, a terminal that was closed. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What Node would end the process for: a rejection that nobody heard, an exception that nobody caught. */
const strayEvents = ['unhandledRejection', 'uncaughtException'] as const;

function processEnv(): Env {
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: (text) => void stream.write(text),
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 100;
    },
  });
  return {
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    clock: wallClock(),
    rng: seededRng(randomSeed()),
    onSignal(handler) {
      for (const signal of endingSignals) process.on(signal, handler);
      return () => {
        for (const signal of endingSignals) process.off(signal, handler);
      };
    },
    onStray(handler) {
      for (const event of strayEvents) process.on(event, handler);
      return () => {
        for (const event of strayEvents) process.off(event, handler);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}

async function main(env: Env): Promise<number> {
  const [name, ...rest] = env.args;
  if (name === '--version' || name === '-v') {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
    env.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    env.stdout.write(programHelp(await Promise.all(Object.values(commands).map((load) => load()))));
    return name === undefined ? exitCodes.usage.code : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new ProofloadError('usage', `no command ${name}`, { hint: `commands: ${Object.keys(commands).join(', ')}` });
  const command = await load();
  const { values, positionals } = parseCommandLine(command, rest);
  if (values['help']) {
    env.stdout.write(commandHelp(command));
    return 0;
  }
  return command.run(env, values, positionals);
}

function explain(thrown: unknown, env: Env): number {
  const machine = env.args.includes('--json');
  if (thrown instanceof ProofloadError) {
    if (machine) env.stdout.write(`${JSON.stringify({ error: thrown.code, message: thrown.message, hint: thrown.hint })}\n`);
    env.stderr.write(`proofload: ${thrown.message}\n${thrown.hint ? `  ${thrown.hint}\n` : ''}`);
    return exitCodes[thrown.exit].code;
  }
  if (machine) env.stdout.write(`${JSON.stringify({ error: 'internal', message: messageOf(thrown) })}\n`);
  env.stderr.write(`proofload: internal error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}\n`);
  return exitCodes.internal.code;
}

const env = processEnv();
// A reader that went away (`proofload ... | head`, a closed terminal) is no error of ours, and must not cost the undo.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
const code = await main(env).catch((thrown: unknown) => explain(thrown, env));
// Everything is written and undone by now. A timer that is still set, such as an SDK's for a request that failed, or one
// of a stopped lab's automations, must not keep the process.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((written) => stream.write('', () => written()));
process.exit(code);
