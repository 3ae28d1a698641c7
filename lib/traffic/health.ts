import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { monotonicMs } from '../core/clock.ts';
import type { Health } from '../record/types.ts';

/** The kernel's clock tick for /proc/<pid>/stat: USER_HZ is 100 on every Linux that Node runs on. */
const ticksPerSec = 100;
const lagResolutionMs = 10;

/**
 * Tells, about once a second of the wall until `stop`, how much CPU the process `pid` and the machine used since the last time and how
 * much the event loop of this process lagged at most.
 */
export function watchHealth(pid: number, wall: Clock, siteClock: Clock, onHealth: (health: Health) => void): { stop(): void } {
  const lag = monitorEventLoopDelay({ resolution: lagResolutionMs });
  lag.enable();
  let stopped = false;
  let cancel = (): void => {};
  let before = { atMs: monotonicMs(), machine: machineTimes(), generatorSec: 0 };
  const measure = async (): Promise<void> => {
    const generatorSec = (await cpuSecondsOf(pid)) ?? before.generatorSec;
    if (stopped) return;
    const now = { atMs: monotonicMs(), machine: machineTimes(), generatorSec };
    const [elapsedSec, busy, total] = [
      (now.atMs - before.atMs) / 1000,
      now.machine.busyMs - before.machine.busyMs,
      now.machine.totalMs - before.machine.totalMs,
    ];
    onHealth({
      atMs: siteClock.now(),
      generatorCpu: Math.max(0, (now.generatorSec - before.generatorSec) / elapsedSec),
      machineCpu: total > 0 ? busy / total : 0,
      lagMs: Math.max(0, lag.max / 1e6 - lagResolutionMs),
    });
    before = now;
    lag.reset();
    cancel = wall.schedule(1000, () => void measure());
  };
  cancel = wall.schedule(1000, () => void measure());
  return {
    stop: () => {
      stopped = true;
      cancel();
      lag.disable();
    },
  };
}

/** CPU seconds that a process has used since it began: from /proc on Linux, from `ps` elsewhere; undefined once it is gone. */
async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  try {
    if (process.platform !== 'linux') return cpuSecondsOfPs((await promisify(execFile)('ps', ['-o', 'time=', '-p', String(pid)])).stdout);
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    return cpuSecondsOfStat(stat);
  } catch {
    return undefined;
  }
}

/** `utime` and `stime`, the 14th and 15th field of /proc/<pid>/stat (proc(5)); the second field, a name, may hold anything. */
export function cpuSecondsOfStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSec;
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as `ps -o time=` prints it. */
export function cpuSecondsOfPs(text: string): number {
  const [days, clock] = text.includes('-') ? text.trim().split('-') : ['0', text.trim()];
  return (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}

function machineTimes(): { busyMs: number; totalMs: number } {
  let [busyMs, totalMs] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    busyMs += all - times.idle;
    totalMs += all;
  }
  return { busyMs, totalMs };
}
