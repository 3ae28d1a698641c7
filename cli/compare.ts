import { compareWith } from '../lib/run/compare-with.ts';
import { runNamed } from '../lib/run/write-report.ts';
import type { Command } from './command.ts';
import { writeComparison } from './comparison.ts';
import { storeOption, withStore } from './store.ts';

export const compareCommand: Command = {
  name: 'compare',
  usage: 'compare <reference> <candidate>',
  summary: 'tells whether the system got worse from one run to another',
  detail:
    'Each is a run: its folder, or its id below reports/ or in the store. The exit code is 3 where something got worse, 4 where the runs cannot be compared or nothing can be told.',
  options: { ...storeOption, json: { type: 'boolean', help: 'print comparison.json instead of the summary' } },
  arguments: [2, 2],
  async run(env, values, [reference = '', candidate = '']) {
    const comparison = await withStore(env, values, async (store) => {
      const [before, after] = [await runNamed(reference, env.cwd, store), await runNamed(candidate, env.cwd, store)];
      return compareWith([before], await after.open());
    });
    return writeComparison(env, comparison, values['json'] === true);
  },
};
