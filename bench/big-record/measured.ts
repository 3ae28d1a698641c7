import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { monotonicMs } from '../../lib/core/clock.ts';

/** A process from its start to its end. */
export interface Measured {
  readonly wallSec: number;
  /** Of all its threads, user and system. */
  readonly cpuSec: number;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Clock ticks of Linux's accounting a second. */
const ticksPerSec = 100;
const peakMark = 'max-rss-kb';
const tellPeak = `process.on('exit', () => process.stderr.write('\\n${peakMark} ' + process.resourceUsage().maxRSS));`;

/** Runs `command` to its end. */
export function measured(command: string, args: readonly string[], cwd: string): Measured {
  const [beforeMs, cpuBefore] = [monotonicMs(), childrenCpuSec()];
  const child = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (child.error) throw child.error;
  const wallSec = (monotonicMs() - beforeMs) / 1000;
  return { wallSec, cpuSec: childrenCpuSec() - cpuBefore, exitCode: child.status, stdout: child.stdout, stderr: child.stderr };
}

/** Runs a program of Node to its end; it tells itself how much memory it had at most. */
export function measuredNode(args: readonly string[], cwd: string): Measured & { readonly maxRssMb: number } {
  const took = measured(process.execPath, [`--import=data:text/javascript,${encodeURIComponent(tellPeak)}`, ...args], cwd);
  const peakKb = took.stderr.split(peakMark)[1];
  if (peakKb === undefined) throw new Error(took.stderr);
  return { ...took, maxRssMb: Number(peakKb) / 1024 };
}

/** What the children that ended have used so far. Linux only. */
function childrenCpuSec(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSec;
}
