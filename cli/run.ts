import { relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { ProofloadError } from '../lib/core/errors.ts';
import type { RecordStore } from '../lib/record/history/store.ts';
import { renderJson } from '../lib/report/json.ts';
import { renderText } from '../lib/report/text.ts';
import { type RunResult, runExercise } from '../lib/run/run-exercise.ts';
import { createTerminal, silentTerminal } from '../lib/run/terminal.ts';
import { readSite, type SiteFile } from '../lib/sites/site-file.ts';
import { type Command, coloured, type OptionValues } from './command.ts';
import { exitWhenKept, keepRun, storeOption, withStore } from './store.ts';

export const runCommand: Command = {
  name: 'run',
  usage: 'run <exercise>',
  summary: 'runs an exercise: traffic, faults, evidence, verdict, report; the exit code is the verdict',
  options: {
    ...storeOption,
    setting: { type: 'string', value: '<name>', help: 'a setting of the exercise, such as gate' },
    json: { type: 'boolean', help: 'print report.json at the end, and nothing else' },
  },
  arguments: [1, 1],
  async run(env, values, [exercise = '']) {
    const json = values['json'] === true;
    return withStore(env, values, async (store) => {
      await store.reach();
      const { folder, assessment } = await runAndShow(env, values, exercise, { json, store });
      if (json) env.stdout.write(renderJson(assessment));
      return exitWhenKept(assessment.exitCode, await keepRun(env, store, folder));
    });
  },
};

interface ShownRun {
  readonly json: boolean;
  readonly store: RecordStore;
}

/** Runs the exercise with the options of the command line and, unless a machine reads, shows how it goes and how it ended. */
export async function runAndShow(env: Env, values: OptionValues, exercise: string, { json, store }: ShownRun): Promise<RunResult> {
  const result = await runExercise({
    exercise,
    setting: values['setting'] as string | undefined,
    site: siteFor(values, env.cwd),
    seed: String(values['seed'] ?? env.rng.hex(16)),
    noLatency: values['latency'] === 'none',
    asAwsIs: values['as-aws-is'] === true,
    env,
    store,
    terminal: json ? silentTerminal : createTerminal(env.stdout, coloured(env)),
  });
  const options = { colour: coloured(env), columns: env.stdout.columns, reportFolder: relative(env.cwd, result.folder) };
  if (!json) env.stdout.write(renderText(result.assessment, options));
  return result;
}

/** The site, with the options that mean something for its kind. */
function siteFor(values: OptionValues, cwd: string): SiteFile {
  const site = readSite(String(values['site'] ?? 'lab'), cwd);
  const refuse = (option: string, hint: string): never => {
    throw new ProofloadError('usage', `${option} means nothing for site ${site.name} (kind ${site.kind})`, { hint });
  };
  if (values['latency'] !== undefined && site.kind !== 'lab')
    refuse('--latency', 'it turns the delays of a lab off that the run starts itself; leave it out');
  if (values['as-aws-is'] === true && site.kind === 'aws') refuse('--as-aws-is', 'it makes a lab or an emulator be taken for AWS; leave it out');
  return site;
}
