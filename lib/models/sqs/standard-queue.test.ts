import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../core/rng.ts';
import { type QueueLimits, type ReceiveRequest, StandardQueue } from './standard-queue.ts';

const rng = seededRng('queue');
const limits: QueueLimits = { inFlight: 3, partitions: 4, shortPollShare: 0.5 };
const dayMs = 86_400_000;

function queueOf(count: number, more: Partial<QueueLimits> = {}): StandardQueue<number> {
  const queue = new StandardQueue<number>({ ...limits, ...more });
  for (let i = 0; i < count; i++) queue.send(i, 0, 0, rng);
  return queue;
}

function receive(queue: StandardQueue<number>, nowMs: number, request: Partial<ReceiveRequest> = {}) {
  queue.expire(dayMs, nowMs);
  return queue.receive({ max: 10, visibilityMs: 30_000, long: true, ...request }, nowMs, rng);
}

describe('a standard queue', () => {
  it('hides what was received until its visibility timeout passes, and counts the receives', () => {
    const queue = queueOf(1);
    const [first] = receive(queue, 1000).messages;
    expect([first?.content, first?.receives, queue.counts]).toEqual([0, 1, { visible: 0, inFlight: 1, delayed: 0 }]);
    expect(receive(queue, 30_999).messages).toEqual([]);
    expect(receive(queue, 31_000).messages.map(({ receives, firstReceivedMs }) => [receives, firstReceivedMs])).toEqual([[2, 1000]]);
    expect(queue.delete({ sequence: 1, receive: 1 })).toBe(false);
    expect(queue.delete({ sequence: 1, receive: 2 })).toBe(true);
    expect(queue.counts).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('gives a delayed message when its time has come', () => {
    const queue = new StandardQueue<number>(limits);
    queue.send(1, 5000, 0, rng);
    expect([queue.nextDueMs, queue.counts.delayed, receive(queue, 4999).messages.length, receive(queue, 5000).messages.length]).toEqual([
      5000, 1, 0, 1,
    ]);
  });

  it('gives nothing beyond the limit of messages in flight', () => {
    const queue = queueOf(5);
    expect(receive(queue, 0).messages.length).toBe(3);
    expect(receive(queue, 1)).toEqual({ messages: [], dead: [], overLimit: true });
    expect(receive(queue, 30_000).overLimit).toBe(false);
  });

  it('changes visibility of what is in flight only; 0 shows it at once', () => {
    const queue = queueOf(1);
    const receipt = { sequence: 1, receive: 1 };
    expect(queue.inFlight(receipt)).toBeUndefined();
    const [message] = receive(queue, 0).messages;
    if (message) queue.changeVisibility(message, 60_000, 10_000);
    expect([receive(queue, 69_999).messages.length, queue.nextDueMs]).toEqual([0, 70_000]);
    if (message) queue.changeVisibility(message, 0, 69_999);
    expect(receive(queue, 69_999, { visibilityMs: 0 }).messages.map(({ receives }) => receives)).toEqual([2]);
    expect(queue.counts).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('hands over what was received too often, with what a dead-letter queue keeps', () => {
    const queue = queueOf(2);
    for (const nowMs of [0, 30_000]) expect(receive(queue, nowMs, { maxReceives: 2 }).messages.length).toBe(2);
    const { messages, dead } = receive(queue, 60_000, { maxReceives: 2 });
    expect([messages.length, dead.map(({ receives }) => receives)]).toEqual([0, [2, 2]]);
    const letters = new StandardQueue<number>(limits);
    for (const each of dead) letters.send(each.content, 0, 60_000, rng, each);
    const [letter] = receive(letters, 60_000, { max: 1, maxReceives: 1 }).messages;
    expect([letter?.receives, letter?.firstReceivedMs]).toEqual([3, 0]);
    expect(letters.oldestMs).toBe(60_000);
    expect(letters.expire(dayMs, dayMs)).toBe(2);
    expect(letters.oldestMs).toBeUndefined();
  });

  it('drops what is older than the retention period, in flight too', () => {
    const queue = queueOf(2);
    receive(queue, dayMs - 1, { max: 1 });
    expect([queue.expire(dayMs, dayMs), queue.counts]).toEqual([2, { visible: 0, inFlight: 0, delayed: 0 }]);
  });

  it('looks at a sample in a short poll, everywhere in a long one', () => {
    const found = (long: boolean): number => {
      let hits = 0;
      for (let i = 0; i < 1000; i++) hits += receive(queueOf(1), 0, { long }).messages.length;
      return hits;
    };
    expect(found(true)).toBe(1000);
    expect(found(false)).toBeGreaterThan(420);
    expect(found(false)).toBeLessThan(580);
  });

  it('keeps the order roughly: no message waits behind many that came later', () => {
    const queue = queueOf(4000, { inFlight: 10_000 });
    const order: number[] = [];
    while (queue.counts.visible > 0) order.push(...receive(queue, 0).messages.map(({ content }) => content));
    expect(new Set(order).size).toBe(4000);
    expect(Math.max(...order.map((content, index) => index - content))).toBeLessThan(400);
  });
});

/** The same queue told naively: every message in one list, looked through each time. */
class Reference {
  readonly messages: { sequence: number; sentMs: number; receives: number; hidden: 'in-flight' | 'delayed'; dueMs: number }[] = [];

  send(delayMs: number, nowMs: number): void {
    this.messages.push({ sequence: this.#next++, sentMs: nowMs, receives: 0, hidden: 'delayed', dueMs: nowMs + delayMs });
  }

  hide(sequence: number, visibilityMs: number, nowMs: number): void {
    Object.assign(this.find(sequence) ?? {}, { hidden: 'in-flight', dueMs: nowMs + visibilityMs });
  }

  remove(gone: (message: Reference['messages'][number]) => boolean): void {
    this.messages.splice(0, this.messages.length, ...this.messages.filter((message) => !gone(message)));
  }

  find(sequence: number) {
    return this.messages.find((message) => message.sequence === sequence);
  }

  counts(nowMs: number) {
    const hidden = (kind: string): number => this.messages.filter((message) => message.dueMs > nowMs && message.hidden === kind).length;
    const visible = this.messages.filter(({ dueMs }) => dueMs <= nowMs).length;
    return { visible, inFlight: hidden('in-flight'), delayed: hidden('delayed') };
  }

  #next = 1;
}

it('agrees with a queue told naively, whatever is done in whatever order', () => {
  const step = fc.record({
    do: fc.constantFrom('send', 'delay', 'receive', 'delete', 'hide', 'wait'),
    pick: fc.nat(50),
  });
  const maxReceives = 4;
  const retentionMs = 200_000;
  fc.assert(
    fc.property(fc.array(step, { minLength: 80, maxLength: 150 }), (steps) => {
      const queue = new StandardQueue<number>({ ...limits, inFlight: 1000 });
      const reference = new Reference();
      const receipts: { sequence: number; receive: number }[] = [];
      let nowMs = 0;
      for (const { do: what, pick } of steps) {
        const receipt = receipts[pick % Math.max(1, receipts.length)];
        const delayMs = what === 'delay' ? pick * 1000 : 0;
        if (what === 'send' || what === 'delay') {
          queue.send(pick, delayMs, nowMs, rng);
          reference.send(delayMs, nowMs);
        }
        if (what === 'receive') {
          const { visible } = reference.counts(nowMs);
          const { messages, dead } = queue.receive({ max: 1 + (pick % 10), visibilityMs: 30_000, maxReceives, long: true }, nowMs, rng);
          expect(messages.length).toBe(Math.min(1 + (pick % 10), visible - dead.length));
          reference.remove(({ sequence }) => dead.some((each) => each.sequence === sequence));
          for (const { sequence, receives } of messages) {
            const known = reference.find(sequence);
            expect([known && known.dueMs <= nowMs, receives]).toEqual([true, (known?.receives ?? 0) + 1]);
            if (known) known.receives++;
            reference.hide(sequence, 30_000, nowMs);
            receipts.push({ sequence, receive: receives });
          }
          for (const { receives } of dead) expect(receives).toBe(maxReceives);
        }
        const flying = what === 'hide' && receipt && queue.inFlight(receipt);
        if (flying) {
          queue.changeVisibility(flying, pick * 1000, nowMs);
          reference.hide(flying.sequence, pick * 1000, nowMs);
        }
        if (what === 'delete' && receipt) {
          const latest = reference.find(receipt.sequence)?.receives === receipt.receive;
          expect(queue.delete(receipt)).toBe(latest);
          if (latest) reference.remove(({ sequence }) => sequence === receipt.sequence);
        }
        if (what === 'wait') nowMs += pick * 1000;
        queue.expire(retentionMs, nowMs);
        reference.remove(({ sentMs }) => sentMs + retentionMs <= nowMs);
        expect(queue.counts).toEqual(reference.counts(nowMs));
      }
    }),
    { numRuns: 300 },
  );
});
