import { noData, value } from '../figure.ts';
import type { Indicator } from './indicator.ts';

export const throttlesIndicator: Indicator = {
  name: 'throttles',
  unit: 'count',
  of: 'phase',
  category: 'throttling',
  argument: 'a service, or service:resource (lambda:PlaceOrderFunction; of a table, its indexes count as well)',
  names(argument) {
    const [service = '', ...rest] = argument.split(':');
    // An index counts as its table's; what belongs to no resource (`account`, `front doors`) is no name of the template.
    const [resource = ''] = rest.join(':').split('/index/');
    const named = resource !== '' && resource !== 'account' && resource !== 'front doors';
    return [{ what: 'service', name: service }, ...(named ? [{ what: 'resource' as const, name: resource }] : [])];
  },
  meaning: 'refusals for want of capacity, over the graded minutes',
  read(phase, argument) {
    const [service, resource] = argument?.split(':') ?? [];
    const meant = phase.throttles.filter(
      (each) =>
        (service === undefined || each.service === service) &&
        (resource === undefined || each.resource === resource || each.resource.startsWith(`${resource}/index/`)),
    );
    if (meant.length === 0) return { figure: noData('count', `no throttle metric of ${argument ?? 'any service'} was collected`) };
    let total = 0;
    for (const { count } of meant) {
      if (count.state === 'no-data') return { figure: count };
      total += count.value;
    }
    // API Gateway's are what clients saw, over the seconds of the phase: a sum of these and of CloudWatch's minutes is nobody's figure.
    const sources = [...new Set(meant.map(({ count }) => (count.state === 'value' ? count.source : 'inferred')))];
    const [source = 'inferred'] = sources;
    return { figure: value(total, 'count', sources.length === 1 ? source : 'inferred', source === 'client' && sources.length === 1 ? 1 : 60) };
  },
};
