import { expect, it } from 'vitest';
import { failedItems } from './batch-failures.ts';

const batch = new Set(['a', 'b']);

it.each([
  ['', []],
  ['null', []],
  ['"done"', []],
  ['{}', []],
  ['{"batchItemFailures": null}', []],
  ['{"batchItemFailures": []}', []],
  ['{"batchItemFailures": [{"itemIdentifier": "b"}]}', ['b']],
])('takes %s for a list of what failed', (response, failed) => {
  expect([...failedItems(response, batch)]).toEqual(failed);
});

it.each([
  'no json',
  '{"batchItemFailures": "a"}',
  '{"batchItemFailures": [{"itemIdentifier": ""}]}',
  '{"batchItemFailures": [{"itemIdentifier": null}]}',
  '{"batchItemFailures": [{"id": "a"}]}',
  '{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "c"}]}',
])('takes %s for a batch that failed', (response) => {
  expect(failedItems(response, batch)).toBe('all');
});
