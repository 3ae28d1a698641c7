import { expressBill } from '../../../models/states/limits/express-billing.ts';
import type { LabContext } from '../../contract.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { StatesMetrics } from './metrics.ts';
import { meteredName } from './state-machine.ts';

/** What an Express execution that ended at `nowMs` is billed; the payload is the largest that a task had, times the most tasks at once (assumed). */
export function meterExpress({ quotas, meter }: LabContext, metrics: StatesMetrics, run: ExecutionRun, nowMs: number): void {
  const { execution, largestPayload, mostTasks } = run;
  const { machine, revision, inputText, outputText } = execution;
  const payloadBytes = Math.max(inputText.length, outputText?.length ?? 0, largestPayload) * Math.max(1, mostTasks);
  const bill = expressBill(nowMs - execution.startMs, revision.text.length, payloadBytes, {
    durationStepMs: quotas.number('states.express-billing-step'),
    memoryStepMb: quotas.number('states.express-memory-step'),
    memoryBaseMb: quotas.number('states.express-memory-base'),
  });
  execution.bill = bill;
  metrics.express(machine.arn, bill.billedDurationMs, bill.memoryMb, bill.billedMemoryMb);
  meter([
    { resource: meteredName(machine), dimension: 'states.express-request', quantity: 1 },
    { resource: meteredName(machine), dimension: 'states.express-gb-second', quantity: bill.gigabyteSeconds },
  ]);
}
