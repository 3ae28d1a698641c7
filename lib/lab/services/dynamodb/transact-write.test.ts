import fc from 'fast-check';
import { expect, it } from 'vitest';
import { virtualTable } from '../../../../test/virtual-dynamodb.ts';
import type { CallContext, Operation } from '../../contract.ts';

const accounts = ['a', 'b', 'c'];
const opening = 10;

interface Move {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  /** Calls that begin before this one ends. */
  readonly overlaps: number;
}

function transfer({ from, to, amount }: Move): object {
  const change = (id: string | undefined, by: number) => ({
    Update: {
      TableName: 'accounts',
      Key: { id: { S: id } },
      UpdateExpression: 'SET n = n + :by',
      ConditionExpression: 'n >= :least',
      ExpressionAttributeValues: { ':by': { N: String(by) }, ':least': { N: String(Math.max(0, -by)) } },
    },
  });
  return { TransactItems: [change(accounts[from], -amount), change(accounts[to], amount)] };
}

async function setUp() {
  const { lab, service } = await virtualTable('accounts', { BillingMode: 'PAY_PER_REQUEST' });
  for (const id of accounts) await lab.call('dynamodb', 'PutItem', { TableName: 'accounts', Item: { id: { S: id }, n: { N: String(opening) } } });
  const balances = async (): Promise<number[]> => {
    const { Items } = await lab.call<{ Items: { id: { S: string }; n: { N: string } }[] }>('dynamodb', 'Scan', { TableName: 'accounts' });
    return accounts.map((id) => Number(Items.find((item) => item.id.S === id)?.n.N));
  };
  const operation = service.operations['TransactWriteItems'] as unknown as Operation<object>;
  return { lab, operation, balances };
}

/** Begins calls and ends each once as many others as it says have begun, as service times do; answers which succeeded. */
function run(operation: Operation<object>, moves: readonly Move[]): boolean[] {
  const succeeded = moves.map(() => false);
  const open: { index: number; until: number; end: () => void }[] = [];
  const close = (begun: number): void => {
    for (const call of open.filter(({ until }) => until <= begun)) {
      open.splice(open.indexOf(call), 1);
      call.end();
    }
  };
  for (const [index, move] of moves.entries()) {
    close(index);
    const call: CallContext = { requestId: String(index), caller: { kind: 'http' }, arrivedMs: 0, modelledMs: 0 };
    const input = transfer(move);
    const over = (error?: unknown): void => operation.publish?.(input, error ? { error } : { output: {} }, 0, call);
    try {
      operation.admit?.(input, call);
    } catch (error) {
      over(error);
      continue;
    }
    const end = (): void => {
      try {
        operation.act(input, call);
        succeeded[index] = true;
        over();
      } catch (error) {
        over(error);
      }
    };
    open.push({ index, until: index + move.overlaps, end });
  }
  close(Number.POSITIVE_INFINITY);
  return succeeded;
}

it('moves what succeeded says, loses and makes nothing, and lets no two overlap on an item', async () => {
  const move = fc.record({ from: fc.nat(2), to: fc.nat(2), amount: fc.integer({ min: 1, max: 8 }), overlaps: fc.integer({ min: 1, max: 4 }) });
  const moves = fc.array(
    move.filter(({ from, to }) => from !== to),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(moves, async (list) => {
      const { lab, operation, balances } = await setUp();
      const succeeded = run(operation, list);
      const expected = accounts.map(() => opening);
      for (const [i, { from, to, amount }] of list.entries()) {
        if (!succeeded[i]) continue;
        expected[from] = (expected[from] ?? 0) - amount;
        expected[to] = (expected[to] ?? 0) + amount;
        for (const [j, other] of list.entries()) {
          const overlap = j > i && j < i + (list[i]?.overlaps ?? 0) && succeeded[j];
          const shared = [other.from, other.to].some((each) => each === from || each === to);
          expect(overlap && shared).toBe(false);
        }
      }
      expect(await balances()).toEqual(expected);
      expect(Math.min(...expected)).toBeGreaterThanOrEqual(0);
      await lab.stop();
    }),
    { numRuns: 15 },
  );
}, 30_000);
