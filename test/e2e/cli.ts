import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAwsClients } from '../../lib/core/aws-clients.ts';
import type { Assessment } from '../../lib/grade/types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const fastLab = join(root, 'test/sites/fast-lab.yaml');

/** A file of the repository, as the command line takes it from any folder. */
export const inRoot = (path: string): string => join(root, path);

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The CLI as a process, started in a folder of its own. */
export interface Cli {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Everything written so far, both streams. */
  text(): string;
  /** Resolves when the text matches; rejects when the process ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly finished: Promise<Finished>;
}

const folders: string[] = [];
const children = new Set<ChildProcess>();

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-e2e-'));
  folders.push(folder);
  return folder;
}

/** Ends what a failed test left running (its lab and its generators end with it), and removes the folders. */
export function removeScratch(): void {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function startCli(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Cli {
  const folder = options.cwd ?? scratch();
  const env: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1', ...options.env };
  for (const name of Object.keys(env)) if (name.startsWith('AWS_') && !options.env?.[name]) delete env[name];
  const child = spawn(process.execPath, [join(root, 'cli/proofload.js'), ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.once('close', () => children.delete(child));
  let [stdout, stderr] = ['', ''];
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    notify();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    notify();
  });
  const finished = new Promise<Finished>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const until = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = (stdout + stderr).match(pattern);
        if (!match) return;
        watchers.delete(look);
        resolve(match);
      };
      watchers.add(look);
      void finished.then(({ code }) => reject(new Error(`ended with ${code} before ${pattern}:\n${stdout}\n${stderr}`)));
      look();
    });
  return { child, folder, text: () => stdout + stderr, until, finished };
}

/** Runs the CLI to its end. */
export function cli(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Finished & { folder: string }> {
  const started = startCli(args, options);
  return started.finished.then((finished) => ({ ...finished, folder: started.folder }));
}

/** The report of the only run below `folder`. */
export function reportIn(folder: string): Assessment {
  const [run = ''] = readdirSync(join(folder, 'reports'));
  return JSON.parse(readFileSync(join(folder, 'reports', run, 'report.json'), 'utf8')) as Assessment;
}

export interface Lab {
  readonly cli: Cli;
  readonly endpoint: string;
  readonly frontDoors: Readonly<Record<string, string>>;
  readonly clients: ReturnType<typeof createAwsClients>;
  stop(): Promise<Finished>;
}

/** `proofload lab` as a process of its own, ready. */
export async function startLabProcess(args: readonly string[]): Promise<Lab> {
  const lab = startCli(['lab', '--json', '--port', '0', '--site', fastLab, ...args]);
  const [line = ''] = await lab.until(/\{"endpoint".*\}/);
  const { endpoint, frontDoors } = JSON.parse(line) as { endpoint: string; frontDoors: Record<string, string> };
  const clients = createAwsClients({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const stop = (): Promise<Finished> => {
    clients.destroy();
    lab.child.kill('SIGINT');
    return lab.finished;
  };
  return { cli: lab, endpoint, frontDoors, clients, stop };
}
