import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

export interface SeenProcess {
  readonly pid: number;
  readonly args: string;
}

function processes(): (SeenProcess & { parent: number })[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** Processes whose command line has `word`: a lab is started with the run's seed, k6 with a script in the run's folder. */
export function processesWith(word: string): SeenProcess[] {
  return processes().filter(({ args }) => args.includes(word) && !args.startsWith('ps '));
}

/** The lab and the k6 that a `proofload run` started, while it runs. */
export function childrenOf(pid: number): { lab: number | undefined; k6: number | undefined } {
  const own = processes().filter(({ parent }) => parent === pid);
  return {
    lab: own.find(({ args }) => args.includes('--with-parent'))?.pid,
    k6: own.find(({ args }) => /\bk6\S* run /.test(args))?.pid,
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Looks every 50 ms until `look` gives something; fails after `patienceMs`. */
export async function until<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  patienceMs = 60_000,
): Promise<Found> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not within ${patienceMs / 1_000} s: ${what}`);
    await wait(50);
  }
}
