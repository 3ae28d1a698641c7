/**
 * Which messages of a batch a function with ReportBatchItemFailures says have failed, from its response (JSON). `all` where AWS takes the whole batch as failed: the
 * response is no JSON, an identifier is missing, empty or not of this batch. An empty response or list is a success.
 */
export function failedItems(response: string, messageIds: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  const failures = failuresOf(response);
  if (failures === 'all') return 'all';
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = isObject(failure) ? failure['itemIdentifier'] : undefined;
    if (typeof id !== 'string' || !messageIds.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}

function failuresOf(response: string): readonly unknown[] | 'all' {
  const value = parsed(response);
  if (value === undefined) return 'all';
  if (!isObject(value)) return [];
  const failures = value['batchItemFailures'] ?? [];
  return Array.isArray(failures) ? failures : 'all';
}

/** Undefined for what is no JSON; nothing at all is null. */
function parsed(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
