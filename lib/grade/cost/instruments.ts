import { actionMinutes } from '../../models/price.ts';
import { effectWindows } from '../phases.ts';
import { type Bill, type BillContext, priced, together } from './bill.ts';

/** What reports call the tools of the run, as against the system. */
export const instruments = 'proofload';

/** What the run itself cost: the experiment's minutes, the automation's steps, the reads of CloudWatch. */
export function billInstruments(context: BillContext): Bill {
  const { journal } = context.record;
  const minutes = effectWindows(journal).reduce((sum, { startMs, endMs }) => sum + actionMinutes(endMs - startMs), 0);
  const steps = new Set(journal.flatMap((event) => (event.kind === 'fault-step' ? [`${event.fault}\n${event.step}`] : []))).size;
  const series = journal.reduce((sum, event) => sum + (event.kind === 'collected' ? event.series : 0), 0);
  const nothing: Bill = { items: [], unpriced: [] };
  return together(
    minutes > 0 ? priced(context, instruments, 'fis.action-minutes', minutes, 'windows of the effects, to the nearest minute') : nothing,
    steps > 0 ? priced(context, instruments, 'ssm.automation-steps', steps, 'steps of the automations') : nothing,
    series > 0 ? priced(context, instruments, 'cloudwatch.get-metric-data', series, 'series collected, one read each at least') : nothing,
  );
}
