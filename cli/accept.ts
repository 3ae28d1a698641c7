import { relative } from 'node:path';
import { ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { acceptRun, storedRun } from '../lib/record/history/store.ts';
import { summaryOf } from '../lib/run/summary-of.ts';
import { runFolder } from '../lib/run/write-report.ts';
import type { Command } from './command.ts';

export const acceptCommand: Command = {
  name: 'accept',
  usage: 'accept <run> --reason <why>',
  summary: 'makes a run the reference of its exercise: what `gate` compares the next ones with',
  detail: 'The newest accepted run goes before the newest one that passed. An invalid run, or one without data, cannot be a reference.',
  options: {
    reason: { type: 'string', value: '<why>', help: 'why it is the reference; kept with the run' },
    json: { type: 'boolean', help: 'one JSON object' },
  },
  arguments: [1, 1],
  async run(env, values, [run = '']) {
    const reason = String(values['reason'] ?? '').trim();
    if (reason === '')
      throw new ProofloadError('usage', 'accept needs a reason', { hint: 'proofload accept <run> --reason "p99 may grow: new fraud check"' });
    const folder = runFolder(run, env.cwd);
    const stored = storedRun(folder);
    const { exercise, verdict } = summaryOf(stored);
    if (verdict === 'invalid' || verdict === 'no-data')
      throw new ProofloadError('not-a-reference', `run ${stored.runId} is ${verdict}: nothing can be compared with it`, {
        hint: 'accept a run that was measured',
      });
    const acceptance = { atMs: env.clock.now(), reason };
    acceptRun(folder, acceptance);
    const place = relative(env.cwd, folder);
    env.stdout.write(
      values['json']
        ? `${JSON.stringify({ runId: stored.runId, exercise, verdict, ...acceptance })}\n`
        : `${place} (${verdict}) is now the reference of ${exercise}: ${reason}\n`,
    );
    return exitCodes.ok.code;
  },
};
