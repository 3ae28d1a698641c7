import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { nearestName } from '../lib/core/nearest.ts';
import { trendsOf } from '../lib/grade/compare/trends.ts';
import type { RecordStore, StoredRun } from '../lib/record/history/store.ts';
import type { RunSummary } from '../lib/record/history/summary.ts';
import { type History, renderHistory } from '../lib/report/history.ts';
import { loadExercise } from '../lib/run/load.ts';
import { summaryOf } from '../lib/run/summary-of.ts';
import { type Command, coloured } from './command.ts';
import { storeOption, withStore } from './store.ts';

/** Chance of a change point where nothing changed, a figure. */
const significance = 0.001;

export const historyCommand: Command = {
  name: 'history',
  usage: 'history <exercise>',
  summary: 'shows the runs of an exercise, how its figures went, and the commit with which one changed',
  detail: 'The exercise is its file or its name; its runs are those of the store, reports/ by default.',
  options: {
    ...storeOption,
    setting: { type: 'string', value: '<name>', help: 'only runs with this setting (default: runs without one)' },
    json: { type: 'boolean', help: 'one JSON object' },
  },
  arguments: [1, 1],
  async run(env, values, [exercise = '']) {
    const setting = values['setting'] as string | undefined;
    const name = await nameOf(env, exercise);
    const { own, summaries, skipped } = await withStore(env, values, (store) => runsOf(store, name, setting));
    const history: History = {
      exercise: name,
      runs: summaries.map((summary, index) => {
        const reason = own[index]?.acceptance?.reason;
        return { ...summary, ...(reason === undefined ? {} : { accepted: reason }) };
      }),
      trends: trendsOf(summaries, significance),
    };
    for (const each of skipped) env.stderr.write(`left out: ${each}\n`);
    env.stdout.write(
      values['json'] ? `${JSON.stringify(history)}\n` : renderHistory(history, { colour: coloured(env), columns: env.stdout.columns }),
    );
    return exitCodes.ok.code;
  },
};

async function nameOf(env: Env, exercise: string): Promise<string> {
  return existsSync(resolve(env.cwd, exercise)) ? (await loadExercise(exercise, env.cwd, undefined)).exercise.name : exercise;
}

/** The runs of an exercise, oldest first. */
async function runsOf(store: RecordStore, name: string, setting: string | undefined) {
  const { runs, skipped } = await store.list(name);
  const own = runs.filter(({ manifest }) => manifest.setting === setting).reverse();
  if (own.length === 0) throw noRuns(store.place, name, setting, (await store.list()).runs);
  const summaries: RunSummary[] = [];
  for (const run of own) summaries.push(await summaryOf(run));
  return { own, summaries, skipped };
}

function noRuns(place: string, name: string, setting: string | undefined, runs: readonly StoredRun[]): ProofloadError {
  const names = [...new Set(runs.map(({ manifest }) => manifest.exercise))];
  const settings = [...new Set(runs.flatMap(({ manifest }) => (manifest.exercise === name ? [manifest.setting ?? 'none'] : [])))];
  const nearest = nearestName(name, names);
  const suffix = settings.length > 0 ? `; it has runs with the setting ${settings.join(', ')}` : nearest ? `; did you mean ${nearest}?` : '';
  return new ProofloadError('no-run', `${place} has no run of ${name}${setting ? ` with the setting ${setting}` : ''}${suffix}`, {
    hint: names.length > 0 ? `it has runs of: ${names.join(', ')}` : 'run an exercise first: proofload run <exercise>',
  });
}
