import { ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import type { RecordStore } from '../lib/record/history/store.ts';
import type { Acceptance, RunSummary } from '../lib/record/history/summary.ts';
import { summaryOf } from '../lib/run/summary-of.ts';
import { runNamed } from '../lib/run/write-report.ts';
import type { Command } from './command.ts';
import { storeOption, withStore } from './store.ts';

export const acceptCommand: Command = {
  name: 'accept',
  usage: 'accept <run> --reason <why>',
  summary: 'makes a run the reference of its exercise: what `gate` compares the next ones with',
  detail:
    'The newest accepted run goes before the newest one that passed. An invalid run, or one without data, cannot be a reference. A run of this machine that is not in the store is put there first.',
  options: {
    ...storeOption,
    reason: { type: 'string', value: '<why>', help: 'why it is the reference; kept with the run' },
    json: { type: 'boolean', help: 'one JSON object' },
  },
  arguments: [1, 1],
  async run(env, values, [run = '']) {
    const reason = String(values['reason'] ?? '').trim();
    if (reason === '')
      throw new ProofloadError('usage', 'accept needs a reason', { hint: 'proofload accept <run> --reason "p99 may grow: new fraud check"' });
    const acceptance = { atMs: env.clock.now(), reason };
    const { runId, exercise, verdict } = await withStore(env, values, (store) => accept(store, run, env.cwd, acceptance));
    env.stdout.write(
      values['json']
        ? `${JSON.stringify({ runId, exercise, verdict, ...acceptance })}\n`
        : `${run} (${verdict}) is now the reference of ${exercise}: ${reason}\n`,
    );
    return exitCodes.ok.code;
  },
};

async function accept(store: RecordStore, run: string, cwd: string, acceptance: Acceptance): Promise<RunSummary> {
  const stored = await runNamed(run, cwd, store);
  const summary = await summaryOf(stored);
  const { runId, verdict } = summary;
  if (verdict === 'invalid' || verdict === 'no-data')
    throw new ProofloadError('not-a-reference', `run ${runId} is ${verdict}: nothing can be compared with it`, {
      hint: 'accept a run that was measured',
    });
  if (!(await store.find(runId))) await store.put(await stored.open());
  await store.accept(runId, acceptance);
  return summary;
}
