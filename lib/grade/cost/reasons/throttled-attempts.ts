import type { ResourceConfiguration } from '../../../record/types.ts';
import { throttleSeries } from '../../throttles.ts';
import type { CostReason } from '../../types.ts';
import { totalIn } from '../bill.ts';
import { charge, sumOf } from '../charge.ts';
import { isExpress, machineTypes } from '../states.ts';
import type { ReasonFinder, ReasonSource } from './reason.ts';

const frontDoors: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'apigateway.http-request',
  'AWS::Serverless::HttpApi': 'apigateway.http-request',
  'AWS::ApiGateway::RestApi': 'apigateway.rest-request',
};

/** Attempts that were refused for want of capacity. AWS charges nothing for them; a state machine that tries again pays a transition for each try. */
export const throttledAttempts: ReasonFinder = (source) => [...refused(source), ...atTheDoor(source)];

function refused({ context }: ReasonSource): CostReason[] {
  const counts = new Map<string, { service: string; resource: string; count: number }>();
  for (const { service, resource, metric } of throttleSeries(context.metrics)) {
    const key = `${service}\n${resource}`;
    const known = counts.get(key) ?? { service, resource, count: 0 };
    counts.set(key, { ...known, count: known.count + totalIn([metric], context.minutes).total });
  }
  return [...counts.values()]
    .filter(({ count }) => count > 0)
    .map(({ service, resource, count }) => {
      const isRetried = service === 'lambda' && isTaskOfStandardMachine(resource, context.resources);
      const usd = isRetried ? sumOf(charge([{ resource, dimension: 'states.standard-transition', quantity: count, source: '' }], context.prices)) : 0;
      const what = isRetried
        ? 'Lambda charges nothing for them; inferred: a state transition for each, which is the most that the retries of its state machine can be'
        : 'AWS charges nothing for them';
      return { reason: 'throttled attempts', resource, quantity: count, unit: 'attempts', usd, inTotal: isRetried, what };
    });
}

function isTaskOfStandardMachine(logicalId: string, resources: readonly ResourceConfiguration[]): boolean {
  const callers = resources.find((each) => each.logicalId === logicalId)?.invokedBy ?? [];
  return resources.some((each) => machineTypes.includes(each.type) && !isExpress(each) && callers.includes(each.logicalId));
}

/** API Gateway counts what it throttles and does not charge it: by so much the row of the API is too high, at most. */
function atTheDoor({ context, clients }: ReasonSource): CostReason[] {
  const doors = context.resources.filter(({ type }) => frontDoors[type] !== undefined);
  const [door] = doors;
  if (!door || clients.throttled === 0) return [];
  const resource = doors.length === 1 ? door.logicalId : 'front doors';
  const dimension = frontDoors[door.type] ?? '';
  const usd = sumOf(charge([{ resource, dimension, quantity: clients.throttled, source: '' }], context.prices));
  const what = 'HTTP 429 that clients saw: counted by CloudWatch; what the API itself throttled is not charged, and by so much its row is too high';
  return [{ reason: 'throttled attempts', resource, quantity: clients.throttled, unit: 'requests', usd, inTotal: true, what }];
}
