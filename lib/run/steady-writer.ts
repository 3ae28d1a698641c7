import { messageOf } from '../core/errors.ts';
import type { RecordWriter } from '../record/writer.ts';

/**
 * A record that cannot be written must not cost the undo: the first failure is told once, to end the run in order, and
 * writing is given up. What was written until then stays readable.
 */
export function steadyWriter(writer: RecordWriter, onFailure: (detail: string) => void): RecordWriter {
  let failed = false;
  const steady =
    <Args extends readonly unknown[]>(write: (...args: Args) => void) =>
    (...args: Args): void => {
      if (failed) return;
      try {
        write(...args);
      } catch (thrown) {
        failed = true;
        onFailure(messageOf(thrown));
      }
    };
  return {
    folder: writer.folder,
    manifest: steady(writer.manifest),
    plan: steady(writer.plan),
    prices: steady(writer.prices),
    event: steady(writer.event),
    samples: steady(writer.samples),
    arrivals: steady(writer.arrivals),
    health: steady(writer.health),
    metrics: steady(writer.metrics),
    resources: steady(writer.resources),
    references: steady(writer.references),
    imported: steady(writer.imported),
    flush: steady(writer.flush),
    close: steady(writer.close),
  };
}
