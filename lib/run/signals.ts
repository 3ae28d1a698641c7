import type { UndoEntry } from '../chaos/types.ts';
import type { Env } from '../core/env.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { SiteFile } from '../sites/site-file.ts';
import type { Interruption } from './interruption.ts';
import type { UndoList } from './undo-all.ts';

/**
 * First signal: end the run in order. Second: leave at once and say what is left; the generators and a lab of the run's
 * own end by themselves when this process is gone.
 * @returns what stops the listening
 */
export function listenForSignals(env: Env, site: SiteFile, interruption: Interruption, undo: UndoList): () => void {
  let signals = 0;
  return env.onSignal(() => {
    signals++;
    if (signals === 1) {
      // First of all: whoever reads the message may be gone.
      interruption.end({ kind: 'interrupted', by: 'signal' });
      env.stderr.write('\nStopping: the faults are undone, then what was measured is reported. Ctrl-C again leaves at once.\n');
      return;
    }
    // A lab that the run started ends with it, and what was changed in it with the lab.
    const left = site.kind === 'lab' ? [] : undo.left();
    env.stderr.write(leavingText(left, site));
    env.exitNow((left.length === 0 ? exitCodes.interrupted : exitCodes.unclean).code);
  });
}

function leavingText(left: readonly UndoEntry[], site: SiteFile): string {
  if (left.length === 0) return '\nLeft at once; nothing is left behind.\n';
  const rows = left.map(({ resource, setting, found, set, fault }) => `  ${resource}: ${setting} was ${found}, fault ${fault} sets it to ${set}\n`);
  return `\nLeft at once. May be left behind:\n${rows.join('')}To restore it: proofload recover --site ${site.source}\n`;
}
