import { describe, expect, it } from 'vitest';
import { validateObjectives } from '../grade/objectives.ts';
import { checkObjectives } from './check-objectives.ts';

const names = { resource: ['PlaceOrder', 'Orders'], fault: ['lambda-throttle'], invariant: ['none: lost'] };
const none = { resource: [], fault: [], invariant: [] };

function check(sli: string, has = names, phase?: string): void {
  const objectives = validateObjectives({ spec_version: '1.0', objectives: [{ sli, ...(phase ? { phase } : {}) }] }, 'shop.ts');
  checkObjectives(objectives, has, 'shop.ts');
}

describe('what objectives name', () => {
  it.each([
    'throttles',
    'throttles:lambda',
    'throttles:lambda:PlaceOrder',
    'throttles:dynamodb:Orders/index/byCustomer',
    'throttles:states:account',
    'throttles:apigateway:front doors',
    'time_to_recover:lambda-throttle',
    'integrity:none: lost',
    'latency_p95:whatever-the-flow-calls-it',
  ])('%s is there', (sli) => expect(() => check(sli, names, 'fault')).not.toThrow());

  it.each([
    ['throttles:lamda', 'unknown-service', 'there is no service lamda', /lambda, dynamodb, states, apigateway/],
    ['throttles:lambda:PlaceOder', 'unknown-resource', 'there is no resource PlaceOder', /PlaceOrder, Orders/],
    ['throttles:dynamodb:Order/index/byCustomer', 'unknown-resource', 'there is no resource Order', /Orders/],
    ['time_to_recover:outage', 'unknown-fault', 'there is no fault outage', /lambda-throttle/],
    ['integrity:none', 'unknown-invariant', 'there is no invariant none', /none: lost/],
  ])('%s is refused', (sli, code, problem, hint) => {
    const message = `shop.ts: objective ${sli}: ${problem}`;
    expect(() => check(sli)).toThrow(expect.objectContaining({ code, message, hint: expect.stringMatching(hint) }));
  });

  it('what an exercise without faults or invariants cannot have a value for is refused', () => {
    expect(() => check('time_to_recover', none)).toThrow('the exercise has no faults');
    expect(() => check('time_to_recover:outage', none)).toThrow(expect.objectContaining({ hint: 'the exercise has no faults' }));
    expect(() => check('integrity', none)).toThrow('the exercise has no invariants');
    expect(() => check('error_rate', none, 'recovery')).toThrow('an exercise without a fault has no recovery phase');
    expect(() => check('error_rate', none, 'baseline')).not.toThrow();
  });
});
