import { readdirSync, readFileSync } from 'node:fs';

/** Parts of the lab by its threads. */
export const lab = {
  main: 'lab, main thread',
  hosts: 'lab, function hosts',
  engine: 'lab, collecting garbage and compiling beside them',
  others: 'lab, other threads',
} as const;

/** Clock ticks of Linux's accounting a second. */
const ticksPerSec = 100;

/** CPU seconds so far, user and system, of the lab's threads by what they do, and of k6, which this process started and waited for. Linux only. */
export function cpuByPart(labPid: number | undefined): Record<string, number> {
  const found: Record<string, number> = { k6: cpuSec('/proc/self/stat', true) };
  let named = 0;
  for (const thread of readdirSync(`/proc/${labPid}/task`)) {
    const name = readFileSync(`/proc/${labPid}/task/${thread}/comm`, 'utf8').trim();
    const part = thread === String(labPid) ? lab.main : name === 'functions' ? lab.hosts : name.startsWith('V8') ? lab.engine : undefined;
    if (part === undefined) continue;
    const sec = cpuSec(`/proc/${labPid}/task/${thread}/stat`);
    found[part] = (found[part] ?? 0) + sec;
    named += sec;
  }
  // Threads that have ended count for the process only.
  found[lab.others] = Math.max(0, cpuSec(`/proc/${labPid}/stat`) - named);
  return found;
}

/** Milliseconds for each of `count` between two readings. */
export function spent(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>, count: number): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([part, sec]) => [part, ((sec - (before[part] ?? 0)) * 1000) / count]));
}

function cpuSec(stat: string, children = false): number {
  const fields = readFileSync(stat, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const at = children ? 13 : 11;
  return (Number(fields[at]) + Number(fields[at + 1])) / ticksPerSec;
}
