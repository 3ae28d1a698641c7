import { parseArgs } from 'node:util';
import type { Env } from '../lib/core/env.ts';
import { messageOf, ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Shown in `--help`; `<...>` names the value. */
  readonly help: string;
  readonly value?: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One command of the CLI: one file each, listed in `main.ts`. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Further lines of `--help`. */
  readonly detail?: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Least and most positional arguments. */
  readonly arguments: readonly [number, number];
  /** Does it and returns the exit code. */
  run(env: Env, values: OptionValues, positionals: readonly string[]): Promise<number>;
}

/** Options that every command takes. */
const globalOptions = {
  site: {
    type: 'string',
    value: '<site>',
    help: 'where: a name from config/sites, a site file, or the URL of an endpoint on loopback (default: lab)',
  },
  seed: { type: 'string', value: '<text>', help: 'seed of data, arrivals and the lab (default: a fresh one, recorded)' },
  latency: { type: 'string', value: 'none', help: 'of a lab that it starts: no service time and no cold-start delay' },
  'as-aws-is': { type: 'boolean', help: 'not on AWS: late metrics, slow FIS states and API throttles as AWS has them' },
  help: { type: 'boolean', help: 'this text' },
} as const satisfies Record<string, Option>;

/** Reads the command line of one command. @throws ProofloadError `usage` */
export function parseCommandLine(command: Command, args: readonly string[]): { values: OptionValues; positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...globalOptions, ...command.options }).map(([name, { type, multiple = false }]: [string, Option]) => [
      name,
      { type, multiple },
    ]),
  );
  let parsed: { values: OptionValues; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as typeof parsed;
  } catch (thrown) {
    throw new ProofloadError('usage', messageOf(thrown), { hint: `proofload ${command.name} --help`, cause: thrown });
  }
  const [least, most] = command.arguments;
  const given = parsed.positionals.length;
  if (!parsed.values['help'] && (given < least || given > most)) {
    throw new ProofloadError(
      'usage',
      given < least ? `proofload ${command.name} needs an argument` : `proofload ${command.name} got too many arguments`,
      {
        hint: `usage: proofload ${command.usage}`,
      },
    );
  }
  const latency = parsed.values['latency'];
  if (latency !== undefined && latency !== 'none') throw new ProofloadError('usage', `--latency takes only none, not ${String(latency)}`);
  return parsed;
}

export function commandHelp(command: Command): string {
  const rows = Object.entries({ ...command.options, ...globalOptions }).map(([name, option]: [string, Option]) => [
    `--${name}${option.value ? ` ${option.value}` : ''}`,
    option.help,
  ]);
  const width = Math.max(...rows.map(([left = '']) => left.length));
  const options = rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  return `proofload ${command.usage}\n\n${command.summary}\n${command.detail ? `\n${command.detail}\n` : ''}\nOptions\n${options}\n\n${exitCodeHelp()}`;
}

export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  const rows = commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`).join('\n');
  return `proofload: proves that an AWS serverless system holds its load and its faults before release\n\nCommands\n${rows}\n\nproofload <command> --help tells a command's options.\n\n${exitCodeHelp()}`;
}

function exitCodeHelp(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `Exit codes\n${rows.join('\n')}\n`;
}

/** Colours only where a person looks at a terminal and did not ask for none. */
export function coloured({ env, stdout }: Env): boolean {
  return stdout.isTTY && !env['NO_COLOR'];
}
