import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  stop(): Promise<void>;
}

/** How long a lab may take to get ready, and to end, before it counts as hung. */
const patienceMs = 15_000;

/** The CLI that this proofload is part of: its source in a clone, its build in a package. */
function cliEntry(): string {
  const source = join(packageRoot(), 'cli/main.ts');
  return existsSync(source) ? source : join(packageRoot(), 'dist/cli/main.js');
}

/**
 * Starts an empty lab and waits until it is ready.
 * @throws ProofloadError `lab-failed` with what the lab said
 */
export async function startLabProcess(site: SiteFile, options: LabProcessOptions): Promise<LabProcess> {
  const flags = ['lab', '--json', '--with-parent', '--port', '0', '--site', site.source, '--seed', options.seed];
  if (options.noLatency) flags.push('--latency', 'none');
  if (options.asAwsIs) flags.push('--as-aws-is');
  for (const { file, stackName, parameters } of options.stacks) {
    flags.push(`${stackName}=${file}`);
    for (const [name, value] of Object.entries(parameters)) flags.push('--parameter', `${stackName}:${name}=${value}`);
  }
  // A group of its own: Ctrl-C in the terminal must reach `run` alone, which needs the lab for the undo.
  const child = spawn(process.execPath, [cliEntry(), ...flags], { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `the lab was ended by ${signal}` : `the lab ended with code ${code}`));
  });
  const failed = (reason: string): ProofloadError =>
    new ProofloadError('lab-failed', `the lab did not start: ${said.trim().replace(/^proofload: /, '') || reason}`);
  let giveUp: Cancel = () => {};
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve((JSON.parse(line) as { endpoint: string }).endpoint);
      } catch {
        reject(failed(line));
      }
    });
    void ended.then((reason) => reject(failed(reason)));
    giveUp = wallClock().schedule(patienceMs, () => reject(failed(`not ready after ${patienceMs / 1_000} s`)));
  });
  const endpoint = await ready
    .catch((thrown) => {
      child.kill('SIGKILL');
      throw thrown;
    })
    .finally(() => giveUp());
  const gone = new Promise<string>((resolve) => void ended.then((reason) => (stopping ? undefined : resolve(reason))));
  const stop = async (): Promise<void> => {
    stopping = true;
    child.stdin.end();
    const kill = wallClock().schedule(patienceMs, () => child.kill('SIGKILL'));
    await ended;
    kill();
  };
  return { endpoint, gone, stop };
}
