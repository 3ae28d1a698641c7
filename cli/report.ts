import { relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { renderJson } from '../lib/report/json.ts';
import { renderText } from '../lib/report/text.ts';
import { runNamed, writeReport } from '../lib/run/write-report.ts';
import { type Command, coloured } from './command.ts';
import { storeOption, withStore } from './store.ts';

export const reportCommand: Command = {
  name: 'report',
  usage: 'report <run>',
  summary: 'grades the record of a run again and writes its report; works on an unfinished record as well',
  options: { ...storeOption, json: { type: 'boolean', help: 'print report.json instead of the summary' } },
  arguments: [1, 1],
  async run(env: Env, values, [run = '']) {
    const folder = await withStore(env, values, async (store) => (await runNamed(run, env.cwd, store)).open());
    const assessment = writeReport(folder);
    const where = relative(env.cwd, folder);
    env.stdout.write(
      values['json'] ? renderJson(assessment) : renderText(assessment, { colour: coloured(env), columns: env.stdout.columns, reportFolder: where }),
    );
    return assessment.exitCode;
  },
};
