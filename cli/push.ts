import { exitCodes } from '../lib/core/exit-codes.ts';
import { runFolder } from '../lib/run/write-report.ts';
import type { Command } from './command.ts';
import { storeOption, withStore } from './store.ts';

export const pushCommand: Command = {
  name: 'push',
  usage: 'push <run>...',
  summary: 'puts runs of this machine into the store, such as those whose push failed; what is there already stays as it is',
  options: { ...storeOption, json: { type: 'boolean', help: 'one JSON object a line, one a run' } },
  arguments: [1, Number.POSITIVE_INFINITY],
  async run(env, values, runs) {
    const folders = runs.map((run) => runFolder(run, env.cwd));
    await withStore(env, values, async (store) => {
      for (const [index, folder] of folders.entries()) {
        const outcome = await store.put(folder);
        const line = outcome === 'stored' ? `is now in ${store.place}` : `was in ${store.place} already`;
        env.stdout.write(values['json'] ? `${JSON.stringify({ run: runs[index], place: store.place, outcome })}\n` : `${runs[index]} ${line}\n`);
      }
    });
    return exitCodes.ok.code;
  },
};
