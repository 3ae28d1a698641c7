import { storedRun } from '../lib/record/history/store.ts';
import { compareWith } from '../lib/run/compare-with.ts';
import { runFolder } from '../lib/run/write-report.ts';
import type { Command } from './command.ts';
import { writeComparison } from './comparison.ts';

export const compareCommand: Command = {
  name: 'compare',
  usage: 'compare <reference> <candidate>',
  summary: 'tells whether the system got worse from one run to another',
  detail:
    'Each is a run: its folder, or its id below reports/. The exit code is 3 where something got worse, 4 where the runs cannot be compared or nothing can be told.',
  options: { json: { type: 'boolean', help: 'print comparison.json instead of the summary' } },
  arguments: [2, 2],
  async run(env, values, [reference = '', candidate = '']) {
    const comparison = compareWith([storedRun(runFolder(reference, env.cwd))], runFolder(candidate, env.cwd));
    return writeComparison(env, comparison, values['json'] === true);
  },
};
