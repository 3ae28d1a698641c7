import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { TrafficLog } from '../types.ts';
import type { K6Binary } from './probe.ts';

/** What every k6 is started with: no call home, no fetching of extensions, no summary (k6 would keep every value for it). */
const quietFlags = ['--quiet', '--no-color', '--no-usage-report', '--summary-mode=disabled', '--log-format=json', '--include-system-env-vars'];

/**
 * The environment of k6: the flow's entries over the process's, without the user's own K6_* variables, which would override
 * the plan (K6_VUS, K6_DURATION, K6_OUT, ...). Traffic that is to stay on loopback knows no proxy either: one on this machine
 * would carry it further.
 */
export function k6Environment(
  processEnv: Readonly<Record<string, string | undefined>>,
  flowEnv: Readonly<Record<string, string>>,
  loopbackOnly = false,
): Record<string, string | undefined> {
  const inherited = Object.entries(processEnv).filter(([name]) => !name.startsWith('K6_'));
  const entries = [...inherited, ...Object.entries(flowEnv)].filter(([name]) => !(loopbackOnly && /^(http|https|all)_proxy$/i.test(name)));
  return {
    ...Object.fromEntries(entries),
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_CSV_TIME_FORMAT: 'unix_micro',
    ...(loopbackOnly ? { K6_BLACKLIST_IPS: beyondLoopback } : {}),
  };
}

/** Every address but 127.0.0.0/8 and ::1, as the CIDRs that k6 refuses to dial. */
const beyondLoopback = [
  ...['0.0.0.0/2', '64.0.0.0/3', '96.0.0.0/4', '112.0.0.0/5', '120.0.0.0/6', '124.0.0.0/7', '126.0.0.0/8', '128.0.0.0/1'],
  ...Array.from({ length: 127 }, (_, bit) => ipv6Block(bit)),
  '::/128',
].join(',');

/** The IPv6 block of all addresses that have their first set bit at `bit` (0: the most significant). */
function ipv6Block(bit: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => (group === Math.floor(bit / 16) ? (1 << (15 - (bit % 16))).toString(16) : '0'));
  return `${groups.join(':')}/${bit + 1}`;
}

/** A running k6 and the stream on which it writes its samples. */
export interface K6Process {
  readonly child: ChildProcess;
  readonly rows: Readable;
}

/**
 * Starts `k6 run` out of the reach of Ctrl-C in the terminal: proofload decides what then happens to the traffic. Our k6
 * leaves the process group by itself (tools/k6/proofload/group_unix.go says why), any other gets a session of its own.
 * Our output writes to descriptor 3, k6's CSV to standard output.
 */
export function spawnK6(k6: K6Binary, script: string, cwd: string, env: Record<string, string | undefined>): K6Process {
  const ours = k6.output === 'proofload';
  const out = ours ? 'proofload=fd:3' : 'csv=-';
  const child = spawn(k6.path, ['run', ...quietFlags, '--out', out, script], {
    cwd,
    env: ours ? { ...env, PROOFLOAD_OWN_GROUP: '1' } : env,
    detached: !ours,
    stdio: ['ignore', ours ? 'ignore' : 'pipe', 'pipe', ours ? 'pipe' : 'ignore'],
  });
  return { child, rows: child.stdio[ours ? 3 : 1] as Readable };
}

/** One JSON line of k6's log; undefined for what is none (a Go panic's stack, say). */
export function logLine(text: string): TrafficLog | undefined {
  try {
    const { level, msg, error } = JSON.parse(text) as { level?: string; msg?: string; error?: string };
    const message = [msg, error].filter(Boolean).join(': ');
    const known = level === 'warning' || level === 'error' || level === 'debug' ? level : level === 'fatal' || level === 'panic' ? 'error' : 'info';
    return { level: known, message };
  } catch {
    return undefined;
  }
}

/** Calls `onLine` for each line of a stream, the last one too; lines longer than 64 KB are cut there. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, 65_536);
    for (const line of lines) if (line !== '') onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
    rest = '';
  });
}
