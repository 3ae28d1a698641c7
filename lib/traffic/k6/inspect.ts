import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofloadError } from '../../core/errors.ts';
import type { K6Binary } from './probe.ts';
import { k6Environment, logLine } from './process.ts';
import { fileWord, wrapperScript } from './script.ts';

export interface InspectRequest {
  readonly k6: K6Binary;
  readonly flowFile: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly workFolder: string;
}

/** What a flow declares, as k6 itself reads it. */
export interface FlowInspection {
  /** The metrics for which the flow has thresholds of its own. */
  readonly thresholds: readonly string[];
}

/**
 * Loads a flow as a run would (its imports, `open()`, options and top-level code) without making any traffic; Ctrl-C in the terminal
 * ends it. Throws ProofloadError `flow-failed` (exit code 2) with k6's message when it does not load.
 */
export async function inspectFlow(request: InspectRequest): Promise<FlowInspection> {
  const { k6, flowFile, name, workFolder } = request;
  const script = join(workFolder, `${fileWord(name)}.inspect.js`);
  const segments = [{ durationSec: 1, fromPerSec: 1, toPerSec: 1 }];
  await writeFile(script, wrapperScript({ flowFile, name, segments, virtualUsers: 1, gracefulStopSec: 1, tags: {} }));
  const args = ['inspect', '--execution-requirements', '--log-format=json', '--no-color', '--include-system-env-vars', script];
  const { code, stdout, stderr } = await run(k6.path, args, workFolder, k6Environment(request.processEnv, request.env));
  if (code !== 0) throw flowFailed(flowFile, errorsOf(stderr), code);
  const options = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { thresholds?: Record<string, unknown> | null };
  return { thresholds: Object.keys(options.thresholds ?? {}) };
}

/** The error for a flow that k6 cannot load or set up. */
export function flowFailed(flowFile: string, errors: readonly string[], exitCode: number | null): ProofloadError {
  const said = errors.length > 0 ? errors.join('\n') : `k6 ended with code ${exitCode}`;
  return new ProofloadError('flow-failed', `the flow ${flowFile} does not load: ${said}`, { hint: 'correct the flow; nothing has been started' });
}

function errorsOf(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const logged = lines.map(logLine);
  const errors = logged.flatMap((line) => (line?.level === 'error' ? [line.message] : []));
  return errors.length > 0 ? errors : lines.slice(-3);
}

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}
