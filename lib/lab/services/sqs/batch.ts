import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../../core/errors.ts';

/** An entry of a batch; AWS wants an Id of each. */
interface Entry {
  readonly Id?: string | undefined;
}

/** Checks a batch as AWS does, before any of its entries is looked at; `what` is the entry's shape. */
export function checkedEntries<Each extends Entry>(
  entries: readonly Each[] | undefined,
  max: number,
  what: string,
): readonly (Each & { Id: string })[] {
  if (!entries || entries.length === 0) throw new AwsError('EmptyBatchRequest', `There should be at least one ${what} in the request.`);
  if (entries.length > max) {
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${max}. You have sent ${entries.length}.`);
  }
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      const rule = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
      throw new AwsError('InvalidBatchEntryId', rule);
    }
    if (seen.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
  return entries as readonly (Each & { Id: string })[];
}

/** Runs each entry for itself: those that AWS refuses are listed as failed, the others as successful. */
export function eachEntry<Each extends { Id: string }, Result>(
  entries: readonly Each[],
  run: (entry: Each) => Result,
): { Successful: Result[]; Failed?: BatchResultErrorEntry[] } {
  const Successful: Result[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(run(entry));
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      Failed.push({ Id: entry.Id, SenderFault: thrown.statusCode < 500, Code: thrown.name, Message: thrown.message });
    }
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}
