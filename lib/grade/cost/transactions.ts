import type { RunRecord } from '../../record/reader.ts';
import { isFailed } from '../clients.ts';
import { minuteMs } from '../cloudwatch.ts';

/** What the clients did that a bill is held against. */
export interface Transactions {
  /** Business transactions that went through, by the clock minute in which they started. */
  readonly byMinute: ReadonlyMap<number, number>;
  /** Requests that the front door throttled, of any operation. */
  readonly throttled: number;
}

/** Reads the samples once. CloudWatch's minutes are the clock's, so transactions must be counted by the same. */
export function countTransactions(record: RunRecord): Transactions {
  const { operation: business } = record.manifest.businessTransaction;
  const byMinute = new Map<number, number>();
  let throttled = 0;
  record.forEachSampleChunk((chunk) => {
    const { count, operation, status, startUs, baseMs } = chunk;
    const wanted = chunk.names.indexOf(business);
    // Samples come nearly in order: a minute's are added when another minute's begin.
    let minute = Number.NaN;
    let inMinute = 0;
    const add = (): void => {
      if (inMinute > 0) byMinute.set(minute, (byMinute.get(minute) ?? 0) + inMinute);
      inMinute = 0;
    };
    for (let row = 0; row < count; row++) {
      if (status[row] === 429) throttled++;
      if (operation[row] !== wanted || isFailed(chunk, row)) continue;
      const own = Math.floor((baseMs + (startUs[row] ?? 0) / 1000) / minuteMs) * minuteMs;
      if (own !== minute) add();
      minute = own;
      inMinute++;
    }
    add();
  });
  return { byMinute, throttled };
}
