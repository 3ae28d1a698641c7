import type { ChaosContext, UndoEntry, UndoOutcome } from '../chaos/types.ts';
import { releasePointer, undo, undoCommand } from '../chaos/undo.ts';
import { messageOf } from '../core/errors.ts';
import type { PreparedFault } from './prepare.ts';

/** What a run has registered and not yet undone; undone once, in reverse order, whatever happened. */
export class UndoList {
  readonly #entries: { readonly fault: PreparedFault | undefined; readonly entry: UndoEntry }[] = [];
  readonly #restored = new Set<UndoEntry>();
  readonly #kept = new Map<UndoEntry, string>();
  #undone: Promise<UndoOutcome[]> = Promise.resolve([]);

  /** `fault`: whose pointer names the run until the entry is undone, where there is one. */
  add(fault: PreparedFault | undefined, entry: UndoEntry): void {
    this.#entries.push({ fault, entry });
  }

  /** What would be left if the run ended at once: registered, and not restored yet. */
  left(): readonly UndoEntry[] {
    return this.#entries.map(({ entry }) => entry).filter((entry) => !this.#restored.has(entry));
  }

  /** Leaves an entry for `recover`, and says why, since undoing it now would not last. */
  keep(entry: UndoEntry, why: string): void {
    this.#kept.set(entry, why);
  }

  /** Undoes what is not restored yet; a second call waits for the first, and tries again what failed. Failures are outcomes, never exceptions. */
  undoAll(context: ChaosContext): Promise<UndoOutcome[]> {
    return this.#next(context, () => true);
  }

  /** Undoes one entry before the others; when that fails, `undoAll` tries it again. */
  async undoOne(entry: UndoEntry, context: ChaosContext): Promise<void> {
    await this.#next(context, (each) => each === entry);
  }

  #next(context: ChaosContext, isMeant: (entry: UndoEntry) => boolean): Promise<UndoOutcome[]> {
    this.#undone = this.#undone.then(() => this.#undoEach(context, isMeant));
    return this.#undone;
  }

  async #undoEach(context: ChaosContext, isMeant: (entry: UndoEntry) => boolean): Promise<UndoOutcome[]> {
    const outcomes: UndoOutcome[] = [];
    for (const { fault, entry } of [...this.#entries].reverse()) {
      if (this.#restored.has(entry) || !isMeant(entry)) continue;
      const outcome = await this.#outcomeOf(entry, context);
      outcomes.push(outcome);
      const { resource, outcome: kind, detail, command } = outcome;
      context.journal({
        at: context.clock.now(),
        kind: 'undo',
        fault: entry.fault,
        resource,
        outcome: kind,
        detail,
        ...(command ? { command } : {}),
      });
      if (kind !== 'restored' && kind !== 'already-restored') continue;
      this.#restored.add(entry);
      if (fault) await this.#release(fault, context);
    }
    return outcomes;
  }

  async #outcomeOf(entry: UndoEntry, { clients }: ChaosContext): Promise<UndoOutcome> {
    const why = this.#kept.get(entry);
    if (why === undefined) return undo(entry, clients);
    const { runId, fault, resource } = entry;
    const detail = `${why}; \`proofload recover\` stops it and restores`;
    return { runId, fault, resource, outcome: 'failed', detail, command: await undoCommand(entry, clients) };
  }

  async #release(fault: PreparedFault, context: ChaosContext): Promise<void> {
    try {
      await releasePointer(fault.deployed, context.clients);
    } catch (thrown) {
      const message = `the pointer ${fault.deployed.pointer} still names this run: ${messageOf(thrown)}`;
      context.journal({
        at: context.clock.now(),
        kind: 'warning',
        warning: { code: 'pointer-left', message, advice: 'harmless: the next run overwrites it', invalidates: false },
      });
    }
  }
}
