import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../core/errors.ts';

/** A k6 that can be started, and how it tells its samples. */
export interface K6Binary {
  readonly path: string;
  /** Such as `v2.2.0`. */
  readonly version: string;
  /** Where it came from; the record says so. */
  readonly origin: 'cache' | 'built' | 'release' | 'path';
  /** `proofload`: our compiled-in output; `csv`: k6's own, which costs some 15 % of its highest rate. */
  readonly output: 'proofload' | 'csv';
}

/** Asks a binary what it is; a string says why it cannot be used. k6 below 1.0 does not run TypeScript flows. */
export async function probeK6(path: string, origin: K6Binary['origin']): Promise<K6Binary | string> {
  let text: string;
  try {
    text = (await promisify(execFile)(path, ['version'], { timeout: 30_000 })).stdout;
  } catch (error) {
    return `${path} does not run (${messageOf(error).split('\n')[0]})`;
  }
  const version = /^\S+ (v(\d+)\.\d+\.\d+\S*) \(.*\bgo1/.exec(text); // the first word is the binary's own name
  if (!version?.[1]) return `${path} does not say that it is k6`;
  if (Number(version[2]) < 1) return `${path} is k6 ${version[1]}, too old to run TypeScript (1.0 or later can)`;
  return { path, version: version[1], origin, output: /\bproofload \[output\]/.test(text) ? 'proofload' : 'csv' };
}
