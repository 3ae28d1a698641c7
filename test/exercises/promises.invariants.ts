import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { Invariant, InvariantContext, InvariantResult } from 'proofload';

/** Looks at every order of the run; `wrong` says what does not hold of one. */
async function orders({ dynamodb, resolve }: InvariantContext, wrong: (status: string) => string | undefined): Promise<InvariantResult> {
  const violations: { id: string; detail: string }[] = [];
  let checked = 0;
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: resolve('OrdersTable') })) {
    for (const { orderId, status } of Items) {
      checked++;
      const detail = wrong(status?.S ?? '');
      if (detail !== undefined) violations.push({ id: orderId?.S ?? '', detail });
    }
  }
  return { checked, violations };
}

export const invariants: readonly Invariant[] = [
  {
    name: 'orders-have-a-status',
    holds: 'Every order says what became of it.',
    check: (context) => orders(context, (status) => (status === '' ? 'it has no status' : undefined)),
  },
  {
    name: 'nobody-buys',
    holds: 'No order is ever confirmed, which is wrong on purpose.',
    check: (context) => orders(context, (status) => (status === 'CONFIRMED' ? 'it is confirmed' : undefined)),
  },
  {
    name: 'books-are-audited',
    holds: 'The auditors found nothing.',
    check: () => Promise.reject(new Error('the auditors are on holiday')),
  },
];

let asked = 0;

/** Quiet when it is asked for the third time. */
export async function quiet(): Promise<boolean> {
  return ++asked >= 3;
}
