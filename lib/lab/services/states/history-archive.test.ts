import { expect, it } from 'vitest';
import { History } from './history.ts';
import { HistoryArchive, HistoryBox } from './history-archive.ts';

const event = (id: number, note: string) => ({ id, previousEventId: id - 1, timestampMs: id, type: 'PassStateEntered', details: { d: { note } } });

it('gives back every event, kept, boxed and compressed, and takes new ones', async () => {
  const archive = new HistoryArchive();
  const histories = Array.from({ length: 2600 }, (_, i) => {
    const history = new History();
    for (let id = 1; id <= 3; id++) history.push(event(id, `line\nbreak ${i} ${'x'.repeat(200)}`));
    archive.add(history);
    return history;
  });
  const check = (): void => {
    for (const [i, history] of histories.entries())
      expect(history.events()[2]?.details).toEqual({ d: { note: `line\nbreak ${i} ${'x'.repeat(200)}` } });
  };
  check();
  const box = new HistoryBox();
  const last = histories.at(-1);
  last?.putInto(box);
  box.close();
  // Compression takes a moment of the thread pool's.
  await expect.poll(() => box.isPacked).toBe(true);
  check();
  last?.push(event(4, 'again'));
  expect(last?.events().map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect([last?.length, last?.lastId]).toEqual([4, 4]);
});
