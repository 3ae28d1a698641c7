import { noData, value } from '../figure.ts';
import type { Indicator } from './indicator.ts';

export const throttlesIndicator: Indicator = {
  name: 'throttles',
  unit: 'count',
  of: 'phase',
  argument: 'a service, or service:resource (lambda:PlaceOrderFunction)',
  meaning: 'refusals for want of capacity, over the graded minutes',
  read(phase, argument) {
    const [service, resource] = argument?.split(':') ?? [];
    const meant = phase.throttles.filter(
      (each) => (service === undefined || each.service === service) && (resource === undefined || each.resource === resource),
    );
    if (meant.length === 0) return { figure: noData('count', `no throttle metric of ${argument ?? 'any service'} was collected`) };
    let total = 0;
    for (const { count } of meant) {
      if (count.state === 'no-data') return { figure: count };
      total += count.value;
    }
    return { figure: value(total, 'count', 'cloudwatch', 60) };
  },
};
