import type { CostItem, CostReason } from '../../types.ts';
import type { BillContext } from '../bill.ts';
import type { Transactions } from '../transactions.ts';

/** What reasons are found in: all that was metered, and what it cost. */
export interface ReasonSource {
  readonly context: BillContext;
  readonly items: readonly CostItem[];
  readonly clients: Transactions;
}

/** Finds what one reason cost, resource by resource; one file each, listed in `list.ts`. */
export type ReasonFinder = (source: ReasonSource) => CostReason[];
