import type { Clock } from '../core/clock.ts';
import type { JournalEvent, Warning } from '../record/types.ts';
import type { RecordWriter } from '../record/writer.ts';

/** An event without its time, which the journal gives. */
type Happening = JournalEvent extends infer Event ? (Event extends { at: number } ? Omit<Event, 'at'> : never) : never;

/** Writes what happens into the record as it happens, and keeps it for the run itself. */
export interface Journal {
  readonly events: readonly JournalEvent[];
  add(happening: Happening): void;
  /** An event that already carries its time. */
  event(event: JournalEvent): void;
  warn(warning: Warning): void;
}

export function createJournal(writer: RecordWriter, clock: Clock, onWarning: (message: string) => void): Journal {
  const events: JournalEvent[] = [];
  const event = (each: JournalEvent): void => {
    events.push(each);
    writer.event(each);
  };
  const add = (happening: Happening): void => event({ at: clock.now(), ...happening } as JournalEvent);
  const warn = (warning: Warning): void => {
    add({ kind: 'warning', warning });
    onWarning(warning.message);
  };
  return { events, event, add, warn };
}
