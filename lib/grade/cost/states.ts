import { gbSeconds } from '../../models/price.ts';
import type { ResourceConfiguration } from '../../record/types.ts';
import { findSeries, minuteMs } from '../cloudwatch.ts';
import { type Bill, type BillContext, type Biller, missing, nothing, together, totalIn, usage, used } from './bill.ts';

export const machineTypes: readonly string[] = ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'];

/** Standard by its transitions, Express by its executions and their GB-seconds. */
export const stateMachineBiller: Biller = {
  types: machineTypes,
  bill: (resource, context) => (isExpress(resource) ? expressBill(resource, context) : standardBill(resource, context)),
};

/**
 * CloudWatch does not tell a machine's transitions, only those of the account and Region (ServiceMetric StateTransition): they are one item for all
 * Standard machines together, under the first one's name where it is the only one. Other machines of the account are in it.
 */
function standardBill(resource: ResourceConfiguration, context: BillContext): Bill {
  const standard = context.resources.filter((each) => machineTypes.includes(each.type) && !isExpress(each));
  if (standard[0] !== resource) return nothing;
  const name = standard.length === 1 ? resource.logicalId : 'Standard state machines';
  const query = { namespace: 'AWS/States', metric: 'ConsumedCapacity', statistic: 'Sum', dimensions: ['ServiceMetric'] };
  const series = findSeries(context.metrics, query).filter(({ dimensions }) => dimensions['ServiceMetric'] === 'StateTransition');
  if (series.length === 0 && standard.every((each) => wasIdle(each, context))) return nothing;
  if (series.length === 0) return missing(`${name}: state transitions, which CloudWatch did not tell`);
  const { total, complete } = totalIn(series, context.minutes);
  const source = `AWS/States ConsumedCapacity of StateTransition, of the whole account${complete ? '' : ' (collection not complete)'}`;
  return used(context, name, 'states.standard-transition', total, source, complete);
}

/** Whether CloudWatch was asked for the machine's executions, and knows of none. */
function wasIdle(resource: ResourceConfiguration, context: BillContext): boolean {
  const started = usage(context, resource, { namespace: 'AWS/States', metric: 'ExecutionsStarted', dimensions: ['StateMachineArn'] });
  return started?.complete === true && started.total === 0;
}

/** Each execution is billed in steps of its own duration and memory; CloudWatch tells the sum of the one and the mean of the other, exact where the memory is always the same. */
function expressBill(resource: ResourceConfiguration, context: BillContext): Bill {
  const { logicalId } = resource;
  const metric = (name: string) => usage(context, resource, { namespace: 'AWS/States', metric: name, dimensions: ['StateMachineArn'] });
  const [started, duration] = [metric('ExecutionsStarted'), metric('ExpressExecutionBilledDuration')];
  if (!started) return missing(`${logicalId}: AWS/States ExecutionsStarted was not collected`);
  const requests = used(context, logicalId, 'states.express-request', started.total, started.source, started.complete);
  if (started.total === 0) return requests;
  const memoryMb = meanMemoryMb(resource, context);
  if (!duration || memoryMb === undefined) return together(requests, missing(`${logicalId}: what its executions took was not collected`));
  const source = `${duration.source} x ${Number(memoryMb.toFixed(1))} MB`;
  return together(requests, used(context, logicalId, 'states.express-gb-second', gbSeconds(duration.total, memoryMb), source, duration.complete));
}

/** The mean of the minutes' means, each weighed by the duration that was billed in it. */
function meanMemoryMb({ logicalId }: ResourceConfiguration, { metrics, minutes }: BillContext): number | undefined {
  const pointsOf = (metric: string, statistic: string) =>
    metrics.find((each) => each.namespace === 'AWS/States' && each.metric === metric && each.statistic === statistic && each.resource === logicalId)
      ?.points ?? [];
  const counted = pointsOf('ExpressExecutionBilledMemory', 'Average').filter(
    ({ atMs }) => !minutes || minutes.has(Math.floor(atMs / minuteMs) * minuteMs),
  );
  const durations = new Map(pointsOf('ExpressExecutionBilledDuration', 'Sum').map(({ atMs, value }) => [atMs, value]));
  const weights = counted.map(({ atMs }) => durations.get(atMs) ?? 0);
  const total = weights.reduce((sum, each) => sum + each, 0);
  if (total === 0) return undefined;
  return counted.reduce((sum, { value }, index) => sum + value * (weights[index] ?? 0), 0) / total;
}

export function isExpress({ configuration }: ResourceConfiguration): boolean {
  return configuration['type'] === 'EXPRESS';
}
