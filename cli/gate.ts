import { appendFileSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { exitCodeOf, exitCodes } from '../lib/core/exit-codes.ts';
import type { Comparison } from '../lib/grade/compare/types.ts';
import { noteGate } from '../lib/record/history/run-folder.ts';
import type { RecordStore, StoredRun } from '../lib/record/history/store.ts';
import { sizeText } from '../lib/report/sizes.ts';
import { compareWith } from '../lib/run/compare-with.ts';
import { loadExercise } from '../lib/run/load.ts';
import { planRun } from '../lib/run/plan.ts';
import { type OfExercise, referencesNamed, runNamed } from '../lib/run/reference.ts';
import { sampleSizes } from '../lib/run/sample-sizes.ts';
import { readSite } from '../lib/sites/site-file.ts';
import type { Command, OptionValues } from './command.ts';
import { comparisonReasons, writeComparison } from './comparison.ts';
import { runAndShow } from './run.ts';
import { exitWhenKept, keepRun, storeOption, withStore } from './store.ts';

export const gateCommand: Command = {
  name: 'gate',
  usage: 'gate <exercise>',
  summary: 'runs an exercise and compares it with an earlier run: fails when the system got worse, says so when it cannot tell',
  detail:
    'It runs with the setting of the run that --against names, else with `gate` where the exercise has that. The exit code is that of the run, or, where that is 0, 3 where something got worse and 4 where nothing can be told.\n' +
    'In GitHub Actions the result is added to the summary of the step; comparison.md is ready for a comment on the pull request.',
  options: {
    ...storeOption,
    against: { type: 'string', value: '<reference>', help: 'last-good (the newest accepted or passed run), a branch, or a run (default: last-good)' },
    setting: { type: 'string', value: '<name>', help: 'a setting of the exercise (default: that of the run that --against names, else gate)' },
    json: { type: 'boolean', help: 'one JSON object: the run with its verdict, and the comparison' },
  },
  arguments: [1, 1],
  async run(env, values, [path = '']) {
    const { exercise } = await loadExercise(path, env.cwd, undefined);
    return withStore(env, values, async (store) => {
      const against = values['against'];
      const named = typeof against === 'string' ? await runNamed(against, store, env.cwd) : undefined;
      const usual = Object.hasOwn(exercise.settings ?? {}, 'gate') ? 'gate' : undefined;
      const setting = (values['setting'] as string | undefined) ?? (named ? named.manifest.setting : usual);
      return gate(env, { ...values, setting }, path, { of: { exercise: exercise.name, ...(setting === undefined ? {} : { setting }) }, store });
    });
  },
};

interface Gated {
  readonly of: OfExercise;
  readonly store: RecordStore;
}

async function gate(env: Env, values: OptionValues, path: string, { of, store }: Gated): Promise<number> {
  const json = values['json'] === true;
  const references = await referencesNamed(String(values['against'] ?? 'last-good'), of, store, env.cwd);
  if (!json) await tellSizes(env, values, path, references);
  const seed = references[0]?.manifest.seed;
  const { folder, assessment } = await runAndShow(env, { seed, ...values }, path, { json, store });
  const comparison = graded.includes(assessment.exitCode) ? await compared(env, store, references, folder) : undefined;
  if (comparison) noteGate(folder, { against: comparison.reference.runId, verdict: comparison.verdict });
  const kept = await keepRun(env, store, folder);
  const exitCode = exitWhenKept(Math.max(assessment.exitCode, comparison ? exitCodeOf(comparisonReasons(comparison)) : 0), kept);
  if (json) {
    const { verdict, reasons } = assessment;
    env.stdout.write(
      `${JSON.stringify({ run: relative(env.cwd, folder), verdict, reasons, exitCode, comparison: comparison ?? null, store: kept })}\n`,
    );
  } else if (comparison) {
    env.stdout.write('\n');
    writeComparison(env, comparison, false);
  }
  addStepSummary(env, folder, comparison !== undefined);
  return exitCode;
}

/** The comparison; a run that cannot be compared, because a reference cannot be read, is kept all the same. */
async function compared(env: Env, store: RecordStore, references: readonly StoredRun[], folder: string): Promise<Comparison> {
  try {
    return await compareWith(references, folder);
  } catch (thrown) {
    await keepRun(env, store, folder);
    throw thrown;
  }
}

/** What the run can tell of each objective, before minutes are spent on it: a phase that is too short is known now. */
async function tellSizes(env: Env, values: OptionValues, path: string, references: readonly StoredRun[]): Promise<void> {
  const loaded = await loadExercise(path, env.cwd, values['setting'] as string | undefined);
  const plan = planRun(loaded, readSite(String(values['site'] ?? 'lab'), env.cwd), env.cwd);
  const { objectives, rests } = await sampleSizes(plan, references);
  if (objectives.length === 0) return;
  const warnings = objectives.flatMap(({ warning }) => (warning ? [`  ! ${warning}\n`] : []));
  env.stdout.write(`What the gate can tell, by ${rests}\n${objectives.map((each) => `  ${sizeText(each)}\n`).join('')}${warnings.join('')}\n`);
}

/** Exit codes of a run that has a verdict of its own; of these and a comparison's (0, 3, 4) the larger one goes first, as in every precedence. */
const graded: readonly number[] = [exitCodes.ok.code, exitCodes.failed.code];

/** What GitHub shows under a step: the comparison, then the report. */
function addStepSummary({ env }: Env, folder: string, compared: boolean): void {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  for (const name of [...(compared ? ['comparison.md'] : []), 'report.md']) appendFileSync(file, `${readFileSync(join(folder, name), 'utf8')}\n`);
}
