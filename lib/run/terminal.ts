import type { Output } from '../core/env.ts';
import { type ProgressState, progressLogEverySec, redrawn, renderProgressBlock, renderProgressLine } from '../report/progress.ts';

/** Shows a run while it goes: a block that is redrawn on a terminal, a line now and then in a log, nothing for machines. */
export interface Terminal {
  show(state: ProgressState): void;
  /** A line that stays. */
  say(text: string): void;
  /** Takes the block away: what follows stands in its place. */
  end(): void;
}

export function createTerminal(output: Output, colour: boolean): Terminal {
  let block = '';
  let lastLineSec = Number.NEGATIVE_INFINITY;
  let lastStage = '';
  const clear = (): void => {
    if (block) output.write(redrawn(block, ''));
    block = '';
  };
  return {
    show(state) {
      if (output.isTTY) {
        const next = renderProgressBlock(state, { columns: output.columns, colour });
        output.write(redrawn(block, next));
        block = next;
        return;
      }
      const stage = `${state.stages.find((each) => each.state === 'now')?.name ?? ''} ${state.activity ?? ''}`;
      if (stage === lastStage && state.elapsedSec - lastLineSec < progressLogEverySec) return;
      lastStage = stage;
      lastLineSec = state.elapsedSec;
      output.write(`${renderProgressLine(state).trimEnd()}\n`);
    },
    say(text) {
      clear();
      output.write(`${text}\n`);
    },
    end: clear,
  };
}

/** For `--json`: standard output belongs to the one object at the end. */
export const silentTerminal: Terminal = { show: () => {}, say: () => {}, end: () => {} };
