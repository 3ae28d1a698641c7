import type { Numbers } from '../../core/numbers.ts';
import type { RunRecord } from '../../record/reader.ts';
import { spanOf } from '../clients.ts';
import { noData } from '../figure.ts';
import { gradedPhases } from '../phases.ts';
import type { CostFigures } from '../types.ts';
import { together } from './bill.ts';
import { charge, sumOf, unknownCost, usdFigure } from './charge.ts';
import { billInstruments, instruments } from './instruments.ts';
import { billPhases, faultCost, monthCost, perThousand, phaseCost } from './phases.ts';
import { costReasons } from './reasons/list.ts';
import { billSystem } from './system.ts';
import { countTransactions } from './transactions.ts';

const currencyNote =
  'US dollars at list prices without free tiers. Per thousand, by phase and a month leave out what the run itself cost (FIS, Automation, CloudWatch): they are ' +
  "the cost of the system. Lambda's Duration is priced unrounded.";

/**
 * The cost of the run by resource: usage that CloudWatch metered over the whole run (warm-up included) times the list price; per thousand business
 * transactions, by phase, and a month at the baseline's rate. What has no price is named, and then the total is the least it can be.
 */
export function costFigures(record: RunRecord, prices: Numbers | undefined, transactions: number): CostFigures {
  const { businessTransaction, imported } = record.manifest;
  const { name: transaction } = businessTransaction;
  if (imported) return unpriceable(`the ${imported.format} tells nothing of what the system used`, transaction, transactions);
  if (!prices) return unpriceable(`there is no price list for ${record.manifest.site.region}`, transaction, transactions);
  const span = spanOf(record);
  const whole = { resources: record.resources, metrics: record.metrics, prices };
  const context = { ...whole, hours: (span.endMs - span.startMs) / 3_600_000 };
  const system = billSystem(context);
  const all = together(system, billInstruments(context, record.journal));
  const items = charge(all.items, prices);
  const [own, tools] = [true, false].map((ours) => items.filter(({ resource }) => (resource !== instruments) === ours));
  const clients = countTransactions(record);
  const phases = gradedPhases(record);
  const billed = billPhases(whole, phases, clients);
  const systemUsd = unknownCost(system) ?? usdFigure(sumOf(own ?? []));
  const fault = faultCost(billed, phases, transaction);
  const month = monthCost(billed, whole);
  return {
    totalUsd: unknownCost(all) ?? usdFigure(sumOf(items)),
    systemUsd,
    instrumentsUsd: usdFigure(sumOf(tools ?? [])),
    perThousandUsd: perThousand(systemUsd, transactions, transaction),
    monthUsd: month.usd,
    month: month.items,
    phases: billed.map((each) => phaseCost(each, transaction)),
    ...(fault ? { fault } : {}),
    reasons: costReasons({ context, items, clients }),
    transaction,
    transactions,
    items,
    unpriced: all.unpriced,
    untold: all.untold,
    currencyNote,
  };
}

function unpriceable(reason: string, transaction: string, transactions: number): CostFigures {
  const none = noData('USD', reason);
  return {
    ...{ totalUsd: none, systemUsd: none, instrumentsUsd: none, perThousandUsd: none, monthUsd: none },
    ...{ month: [], phases: [], reasons: [], transaction, transactions, items: [], unpriced: [], untold: [], currencyNote },
  };
}
