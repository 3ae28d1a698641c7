import type { Env } from '../lib/core/env.ts';
import { type ExitReason, exitCodeOf } from '../lib/core/exit-codes.ts';
import type { Comparison } from '../lib/grade/compare/types.ts';
import { renderComparison } from '../lib/report/comparison/render.ts';
import { renderComparisonText } from '../lib/report/comparison/text.ts';
import { coloured } from './command.ts';

/** Why a process that compared ends as it does. */
export function comparisonReasons({ verdict }: Comparison): ExitReason[] {
  if (verdict === 'fail') return ['failed'];
  return verdict === 'pass' ? [] : ['invalid'];
}

/** Prints a comparison as people or machines read it. @returns the exit code that says the same */
export function writeComparison(env: Env, comparison: Comparison, json: boolean): number {
  const text = json
    ? renderComparison(comparison)['comparison.json']
    : renderComparisonText(comparison, { colour: coloured(env), columns: env.stdout.columns });
  env.stdout.write(text);
  return exitCodeOf(comparisonReasons(comparison));
}
