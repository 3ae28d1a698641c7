import { minuteMs } from '../cloudwatch.ts';
import { noData } from '../figure.ts';
import type { GradedPhase } from '../phases.ts';
import type { CostItem, FaultCost, Figure, PhaseCost } from '../types.ts';
import { type Bill, type BillContext, metering } from './bill.ts';
import { charge, scaled, sumOf, unknownCost, usdFigure } from './charge.ts';
import { billSystem } from './system.ts';
import type { Transactions } from './transactions.ts';

/** What the system used in one phase, over its whole clock minutes. */
export interface BilledPhase {
  readonly phase: GradedPhase;
  readonly bill: Bill;
  readonly items: readonly CostItem[];
  readonly transactions: number;
}

type Whole = Omit<BillContext, 'hours' | 'minutes'>;

/** The phases that are graded, billed one by one. */
export function billPhases(context: Whole, phases: readonly GradedPhase[], { byMinute }: Transactions): BilledPhase[] {
  return phases
    .filter(({ graded }) => graded)
    .map((phase) => {
      const { minutes } = phase;
      const bill = billSystem({ ...context, hours: (minutes.length * minuteMs) / 3_600_000, minutes: new Set(minutes) });
      const transactions = minutes.reduce((sum, minute) => sum + (byMinute.get(minute) ?? 0), 0);
      return { phase, bill, items: charge(bill.items, context.prices), transactions };
    });
}

export function phaseCost(billed: BilledPhase, transaction: string): PhaseCost {
  const { phase, bill, items, transactions } = billed;
  const usd = unknownCost(bill) ?? usdFigure(sumOf(items));
  return { phase: phase.kind, minutes: phase.minutes.length, usd, transactions, perThousandUsd: perThousand(usd, transactions, transaction) };
}

export function perThousand(usd: Figure, transactions: number, transaction: string): Figure {
  if (usd.state === 'no-data') return usd;
  if (transactions === 0) return noData('USD', `not one ${transaction} went through`);
  return usdFigure((usd.value / transactions) * 1000);
}

/**
 * What the fault cost: the system's cost in the fault phase beyond what as many transactions had cost in the baseline. A phase in which none went
 * through cost all of it for nothing. Undefined in a run without a fault phase.
 */
export function faultCost(billed: readonly BilledPhase[], phases: readonly GradedPhase[], transaction: string): FaultCost | undefined {
  if (!phases.some(({ kind }) => kind === 'fault')) return undefined;
  const [baseline, fault] = (['baseline', 'fault'] as const).map((kind) => billed.find(({ phase }) => phase.kind === kind));
  const unknown = (reason: string): FaultCost => ({ extraUsd: noData('USD', reason), items: [] });
  if (!baseline || !fault) return unknown(`too few whole clock minutes in the ${baseline ? 'fault' : 'baseline'} phase`);
  const open = unknownCost(baseline.bill) ?? unknownCost(fault.bill);
  if (open?.state === 'no-data') return unknown(open.reason);
  if (baseline.transactions === 0) return unknown(`not one ${transaction} went through in the baseline`);
  const share = fault.transactions / baseline.transactions;
  const keys = new Set([...baseline.items, ...fault.items].map(({ resource, dimension }) => JSON.stringify([resource, dimension])));
  const items = [...keys].map((key) => {
    const [resource = '', dimension = ''] = JSON.parse(key) as string[];
    const usdIn = ({ items: all }: BilledPhase): number => sumOf(all.filter((each) => each.resource === resource && each.dimension === dimension));
    return { resource, dimension, usd: usdIn(fault) - usdIn(baseline) * share };
  });
  return { extraUsd: usdFigure(sumOf(items)), items: items.sort((a, b) => Math.abs(b.usd) - Math.abs(a.usd)) };
}

/** The system's cost of a month at the baseline's rate; tiers hold for the month's sums. */
export function monthCost(billed: readonly BilledPhase[], { prices }: Whole): { usd: Figure; items: readonly CostItem[] } {
  const baseline = billed.find(({ phase }) => phase.kind === 'baseline');
  const hours = metering(prices, 'price.month-hours', 0);
  if (hours === 0) return { usd: noData('USD', 'the price list does not say how long a month is'), items: [] };
  if (!baseline) return { usd: noData('USD', 'too few whole clock minutes in the baseline phase'), items: [] };
  const unknown = unknownCost(baseline.bill);
  if (unknown) return { usd: unknown, items: [] };
  const items = charge(scaled(baseline.bill.items, (hours * 60) / baseline.phase.minutes.length), prices);
  return { usd: usdFigure(sumOf(items)), items };
}
