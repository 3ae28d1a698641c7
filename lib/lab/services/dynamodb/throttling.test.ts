import { expect, it } from 'vitest';
import type { Direction, Refusal } from '../../../models/dynamodb/capacity.ts';
import { isThrottle, throttleError } from './throttling.ts';

/** AWS's 16 reasons, from the API reference of ThrottlingReason. */
const reasons = `
  TableReadProvisionedThroughputExceeded TableReadAccountLimitExceeded TableReadKeyRangeThroughputExceeded TableReadMaxOnDemandThroughputExceeded
  TableWriteProvisionedThroughputExceeded TableWriteAccountLimitExceeded TableWriteKeyRangeThroughputExceeded TableWriteMaxOnDemandThroughputExceeded
  IndexReadProvisionedThroughputExceeded IndexReadAccountLimitExceeded IndexReadKeyRangeThroughputExceeded IndexReadMaxOnDemandThroughputExceeded
  IndexWriteProvisionedThroughputExceeded IndexWriteAccountLimitExceeded IndexWriteKeyRangeThroughputExceeded IndexWriteMaxOnDemandThroughputExceeded`;

const refusals: readonly Refusal[] = ['ProvisionedThroughput', 'AccountLimit', 'KeyRangeThroughput', 'MaxOnDemandThroughput'];

it("spells the 16 reasons as AWS does, under the member's name that each exception has", () => {
  const made: string[] = [];
  for (const isIndex of [false, true]) {
    for (const direction of ['read', 'write'] as const satisfies readonly Direction[]) {
      for (const refusal of refusals) {
        const onDemand = refusal === 'MaxOnDemandThroughput';
        const error = throttleError({ direction, refusal, onDemand, resource: 'arn', isIndex });
        const name = onDemand
          ? 'ThrottlingException'
          : refusal === 'AccountLimit'
            ? 'RequestLimitExceeded'
            : 'ProvisionedThroughputExceededException';
        expect([error.name, error.statusCode, isThrottle(error)]).toEqual([name, 400, true]);
        const list = error.members[onDemand ? 'throttlingReasons' : 'ThrottlingReasons'] as [{ reason: string; resource: string }];
        expect(list[0].resource).toBe('arn');
        made.push(list[0].reason);
      }
    }
  }
  expect(made).toEqual(reasons.trim().split(/\s+/));
});

it('answers for a hot key by the mode of its table', () => {
  const hot = { direction: 'write', refusal: 'KeyRangeThroughput', resource: 'arn', isIndex: false } as const;
  expect(throttleError({ ...hot, onDemand: true }).name).toBe('ThrottlingException');
  expect(throttleError({ ...hot, onDemand: false }).name).toBe('ProvisionedThroughputExceededException');
});

it('says in AWS words what is short on demand: the table, an index that holds up its writes, or the maximum that was set', () => {
  const message = (refusal: Refusal, direction: Direction, isIndex: boolean) =>
    throttleError({ direction, refusal, onDemand: true, resource: 'arn', isIndex }).message;
  expect(message('KeyRangeThroughput', 'write', false)).toMatch(
    /^Throughput exceeds the current capacity of your table or index\. DynamoDB is automatically/,
  );
  expect(message('KeyRangeThroughput', 'write', true)).toMatch(
    /^Throughput exceeds the current capacity for one or more global secondary indexes\. /,
  );
  expect(message('KeyRangeThroughput', 'read', true)).toMatch(/^Throughput exceeds the current capacity of your table or index\. /);
  expect(message('MaxOnDemandThroughput', 'read', false)).toBe('Throughput exceeds the maximum OnDemandThroughput configured on table or index');
});
