/**
 * `proofload lab` from start to ready, empty and with the checkout: under 1.5 s. `node bench/lab-start.ts [runs, 7]`
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../lib/core/clock.ts';

const barMs = 1_500;
const runs = Number(process.argv[2] ?? 7);
const path = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

async function startMs(templates: readonly string[]): Promise<number> {
  const before = monotonicMs();
  const lab = spawn(process.execPath, [path('cli/proofload.js'), 'lab', '--json', '--port', '0', ...templates], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => lab.stdout.once('data', resolve));
  const tookMs = monotonicMs() - before;
  lab.kill('SIGINT');
  await new Promise((resolve) => lab.once('exit', resolve));
  return tookMs;
}

for (const [name, templates] of Object.entries({ empty: [], 'with the checkout': [path('scenarios/checkout/sync/template.yaml')] })) {
  const took: number[] = [];
  for (let run = 0; run < runs; run++) took.push(await startMs(templates));
  took.sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)] ?? Number.NaN;
  console.log(
    `lab ${name}: ready after ${Math.round(median)} ms, median of ${runs} (${Math.round(took[0] ?? 0)} to ${Math.round(took.at(-1) ?? 0)}); ${(median / barMs).toFixed(2)} of the bar of ${barMs} ms`,
  );
  if (median > barMs) process.exitCode = 1;
}
