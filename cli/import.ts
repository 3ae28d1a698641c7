import { relative } from 'node:path';
import { ProofloadError } from '../lib/core/errors.ts';
import { renderJson } from '../lib/report/json.ts';
import { renderText } from '../lib/report/text.ts';
import { importResults } from '../lib/run/import.ts';
import { type Command, coloured } from './command.ts';
import { exitWhenKept, keepRun, storeOption, withStore } from './store.ts';

export const importCommand: Command = {
  name: 'import',
  usage: 'import <file>',
  summary: "makes results of k6 or Artillery a run: graded now, and compared, listed and accepted like proofload's own",
  detail:
    "Files: k6's CSV and JSON lines (samples), k6's end-of-test summary and the report of artillery run --output (figures only), each also as .gz.\n" +
    'Without objectives the figures are shown and the verdict is no-data. See docs/importing.md.',
  options: {
    ...storeOption,
    exercise: { type: 'string', value: '<name>', help: "what the run is called a run of (default: imported/ and the file's name)" },
    objectives: { type: 'string', value: '<slo.yaml>', help: 'what is asked of it; see docs/objectives.md' },
    'warm-up': { type: 'string', value: '<sec>', help: 'seconds from the first request that are not graded; only of samples (default: 0)' },
    json: { type: 'boolean', help: 'print report.json instead of the summary' },
  },
  arguments: [1, 1],
  async run(env, values, [file = '']) {
    return withStore(env, values, async (store) => {
      const { folder, assessment } = await importResults({
        file,
        exercise: textOf(values['exercise'], '--exercise'),
        objectives: textOf(values['objectives'], '--objectives'),
        warmUpSec: secondsOf(values['warm-up']),
        env,
        store,
      });
      const options = { colour: coloured(env), columns: env.stdout.columns, reportFolder: relative(env.cwd, folder) };
      env.stdout.write(values['json'] ? renderJson(assessment) : renderText(assessment, options));
      return exitWhenKept(assessment.exitCode, await keepRun(env, store, folder));
    });
  },
};

function textOf(value: unknown, option: string): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value).trim();
  if (text === '') throw new ProofloadError('usage', `${option} is empty`, { hint: 'proofload import --help' });
  return text;
}

function secondsOf(value: unknown): number {
  const seconds = Number(value ?? 0);
  if (Number.isInteger(seconds) && seconds >= 0 && value !== '') return seconds;
  throw new ProofloadError('usage', `--warm-up is ${JSON.stringify(value)}`, { hint: 'give whole seconds, such as --warm-up 30' });
}
