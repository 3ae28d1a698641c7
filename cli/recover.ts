import { recover } from '../lib/chaos/recover.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { plainText } from '../lib/report/safe-text.ts';
import { explained } from '../lib/run/end-reason.ts';
import { openSite } from '../lib/sites/open.ts';
import { readSite } from '../lib/sites/site-file.ts';
import type { Command } from './command.ts';

export const recoverCommand: Command = {
  name: 'recover',
  usage: 'recover --site <site>',
  summary: 'undoes what runs that were killed left behind on a site; needs nothing but the site',
  options: { json: { type: 'boolean', help: 'one JSON object' } },
  arguments: [0, 0],
  async run(env, values) {
    const file = readSite(String(values['site'] ?? 'lab'), env.cwd);
    if (file.kind === 'lab') {
      env.stdout.write(
        values['json']
          ? '{"clean":true,"undone":[]}\n'
          : 'A lab that a run starts ends with the run: there is nothing to recover. For a lab of its own give its endpoint: --site http://127.0.0.1:4566\n',
      );
      return exitCodes.ok.code;
    }
    const site = await openSite(file, { cwd: env.cwd, seed: 'recover', noLatency: false, asAwsIs: false, stacks: [] });
    try {
      const undone = await recover(site.clients, { clock: site.clock }).catch((thrown: unknown) => {
        throw explained(thrown, file.name);
      });
      const clean = undone.every(({ outcome }) => outcome === 'restored' || outcome === 'already-restored');
      if (values['json']) env.stdout.write(`${JSON.stringify({ clean, undone })}\n`);
      else if (undone.length === 0) env.stdout.write(`Nothing is left behind on ${file.name}.\n`);
      else
        for (const each of undone)
          env.stdout.write(
            `${each.outcome.padEnd(17)} ${plainText(`${each.resource} ${each.detail}`)}${each.command ? `\n  ${plainText(each.command)}` : ''}\n`,
          );
      return clean ? exitCodes.ok.code : exitCodes.unclean.code;
    } finally {
      await site.close();
    }
  },
};
