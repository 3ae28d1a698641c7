/**
 * Six real pairs in the lab, in real time, of an exercise with one graded phase of two minutes: in every second pair the p99 of one operation is twice as
 * long in the second run, in the others nothing changed. `proofload gate` at significance 0.005 must be right about all six. As in a pipeline, each release
 * is held against the last good one, so that seven runs make six pairs.
 * `node bench/real-pairs.ts [--pairs 6]`: three minutes a run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { monotonicMs } from '../lib/core/clock.ts';

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '6' } } });
const pairs = Number(values.pairs);
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const cli = path('../cli/proofload.js');
const usual = path('real-pairs/usual.ts');

interface Compared {
  readonly run: string;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly comparison: {
    readonly verdict: string;
    readonly reasons: readonly string[];
    readonly objectives: readonly {
      readonly displayName: string;
      readonly adjustedP?: number;
      readonly figure?: { readonly unit: string; readonly reference: number; readonly candidate: number };
    }[];
  } | null;
}

const work = mkdtempSync(join(tmpdir(), 'proofload-pairs-'));
let right = 0;
try {
  const { verdict, reasons } = JSON.parse(proofload('run', usual, '--json').stdout) as Pick<Compared, 'verdict' | 'reasons'>;
  if (verdict !== 'pass') throw new Error(`the first release is ${verdict}:\n  ${reasons.join('\n  ')}`);
  for (let pair = 1; pair <= pairs; pair++) if (isRight(pair)) right++;
} finally {
  rmSync(work, { recursive: true });
}
console.log(`${right} of ${pairs} pairs right`);
if (right < pairs) process.exitCode = 1;

/** Gates one release; every second one is slower. */
function isRight(pair: number): boolean {
  const before = monotonicMs();
  const isSlower = pair % 2 === 1;
  const candidate = isSlower ? path('real-pairs/slower.ts') : usual;
  const { status, stdout } = proofload('gate', candidate, '--against', 'last-good', '--json');
  const { verdict, reasons, comparison, run } = JSON.parse(stdout) as Compared;
  const expected = isSlower ? 'fail' : 'pass';
  const holds = comparison?.verdict === expected && status === (isSlower ? 3 : 0);
  console.log(
    `pair ${pair}, ${isSlower ? 'p99 doubled' : 'nothing changed'}: ${comparison?.verdict ?? `no comparison, run ${verdict}`}, ${holds ? 'right' : 'WRONG'} (${Math.round((monotonicMs() - before) / 1000)} s)`,
  );
  for (const { displayName, figure, adjustedP } of comparison?.objectives ?? [])
    if (figure && adjustedP !== undefined)
      console.log(
        `  ${displayName}: ${figure.reference.toPrecision(3)} -> ${figure.candidate.toPrecision(3)} ${figure.unit}, p ${adjustedP.toPrecision(2)}`,
      );
  if (!holds) console.log(`  ${[...reasons, ...(comparison?.reasons ?? [])].join('\n  ')}\n${readFileSync(join(work, run, 'report.md'), 'utf8')}`);
  return holds;
}

function proofload(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const child = spawnSync(process.execPath, [cli, ...args], { cwd: work, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!child.stdout) throw new Error(child.stderr);
  return child;
}
