import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Cancel, wallClock } from '../core/clock.ts';
import { ProofloadError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { SiteFile } from './site-file.ts';

export interface LabProcessOptions {
  readonly cwd: string;
  readonly seed: string;
  /** `--latency none` */
  readonly noLatency: boolean;
  readonly asAwsIs: boolean;
  /** What the lab shall load; a parameter `@stack.Logical` means a resource of a stack before it. Other sites are deployed to by users. */
  readonly stacks: readonly LabStack[];
}

export interface LabStack {
  readonly file: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The lab as a child: the same code as `proofload lab`; it ends when this process ends, however that happens. */
export interface LabProcess {
  readonly endpoint: string;
  /** Resolves with the reason when the lab ends without having been stopped. */
  readonly gone: Promise<string>;
  /** Tells what the lab said of itself on standard error, and what it will say. */
  onIncident(listener: (text: string) => void): void;
  stop(): Promise<void>;
}

/** How long a lab may take to get ready, and to end, before it counts as hung. */
const patienceMs = 15_000;

/** The CLI that this proofload is part of. */
function cliEntry(): string {
  return join(packageRoot(), 'cli/proofload.js');
}

/** Room for the young objects of a minute or so: each collection holds up a few answers by a millisecond or two. */
const fewCollections = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

/**
 * Starts a lab with its stacks and waits until it is ready.
 * @throws ProofloadError `lab-refused` with the lab's own words, `lab-failed` where it broke; nothing is left running then
 */
export async function startLabProcess(site: SiteFile, options: LabProcessOptions): Promise<LabProcess> {
  // A group of its own: Ctrl-C in the terminal must reach `run` alone, which needs the lab for the undo.
  const child = spawn(process.execPath, [...fewCollections, cliEntry(), ...labArguments(site, options)], { cwd: options.cwd, detached: true });
  const ended = endOf(child);
  const onIncident = incidentsOf(child);
  let endpoint: string;
  try {
    endpoint = await untilReady(child, ended);
  } catch (thrown) {
    child.kill('SIGKILL');
    await ended;
    throw thrown;
  }
  let stopping = false;
  const gone = new Promise<string>((resolve) => void ended.then((reason) => (stopping ? undefined : resolve(reason))));
  const stop = async (): Promise<void> => {
    stopping = true;
    child.stdin.end();
    const kill = wallClock().schedule(patienceMs, () => child.kill('SIGKILL'));
    await ended;
    kill();
  };
  return { endpoint, gone, onIncident, stop };
}

function labArguments(site: SiteFile, { seed, noLatency, asAwsIs, stacks }: LabProcessOptions): string[] {
  const flags = ['lab', '--json', '--with-parent', '--port', '0', '--site', site.source, '--seed', seed];
  if (noLatency) flags.push('--latency', 'none');
  if (asAwsIs) flags.push('--as-aws-is');
  for (const { file, stackName, parameters } of stacks) {
    flags.push(`${stackName}=${file}`);
    for (const [name, value] of Object.entries(parameters)) flags.push('--parameter', `${stackName}:${name}=${value}`);
  }
  return flags;
}

/** The lines that begin with the lab's name; a stack below one is for whoever runs the lab by hand. */
function incidentsOf(child: ChildProcessWithoutNullStreams): LabProcess['onIncident'] {
  const mark = 'proofload lab: ';
  const told: string[] = [];
  let listen = (text: string): void => void told.push(text);
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith(mark)) listen(line.slice(mark.length));
  });
  return (listener) => {
    for (const text of told.splice(0)) listener(text);
    listen = listener;
  };
}

/** Resolves when the process has ended, with how it did and what it said last. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not `exit`: what the lab said last is read by then.
    child.once('close', (code, signal) => {
      const how = signal ? `the lab was ended by ${signal}` : `the lab ended with code ${code}`;
      resolve([how, said.trim()].filter((part) => part !== '').join(': '));
    });
  });
}

/** The endpoint, as soon as the lab tells it. @throws ProofloadError `lab-refused` with the lab's words, `lab-failed` for a defect of it */
function untilReady(child: ChildProcessWithoutNullStreams, ended: Promise<string>): Promise<string> {
  const failed = (reason: string): ProofloadError => new ProofloadError('lab-failed', `the lab did not start: ${reason}`, { exit: 'internal' });
  let giveUp: Cancel = () => {};
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { endpoint, message, hint } = firstLine(line);
      if (endpoint !== undefined) resolve(endpoint);
      else if (message === undefined) reject(failed(line));
      else reject(new ProofloadError('lab-refused', `the lab did not start: ${message}`, hint === undefined ? {} : { hint }));
    });
    void ended.then((reason) => reject(failed(reason)));
    giveUp = wallClock().schedule(patienceMs, () => reject(failed(`it is not ready after ${patienceMs / 1_000} s`)));
  });
  return ready.finally(() => giveUp());
}

/** What a lab says first under `--json`: where it is, or why it refused to start. */
function firstLine(line: string): { endpoint?: string; message?: string; hint?: string } {
  try {
    return JSON.parse(line) as ReturnType<typeof firstLine>;
  } catch {
    return {};
  }
}
