import { describe, expect, test } from 'vitest';
import { graded } from '../../test/synthetic/graded.ts';
import { type Changes, t0 } from '../../test/synthetic/run.ts';

describe('the functions behind the front door', () => {
  const withCallers =
    (invokedBy: Readonly<Record<string, readonly string[]>>): NonNullable<Changes['resources']> =>
    (all) =>
      all.map((each) => (each.type === 'AWS::Lambda::Function' ? { ...each, invokedBy: invokedBy[each.logicalId] ?? [] } : each));
  const front = 'apigateway.amazonaws.com';
  const lineOf = (changes: Changes) => graded({}, changes).books.find(({ what }) => what.startsWith('attempts'));
  /** Attempts of a function that no request stands behind. */
  const step: NonNullable<Changes['metrics']> = (all) =>
    all.map((each) =>
      each.resource === 'ShopFunction' && each.metric === 'Invocations' ? { ...each, points: [{ atMs: t0, value: 90_000 }] } : each,
    );

  test('are those that API Gateway may invoke, not those of a workflow or a poller', () => {
    const bare: Changes = { metrics: (all) => all.filter(({ resource }) => resource !== 'PlaceOrderFunction') };
    expect(lineOf(bare)).toBeUndefined();
    const onlyShop = withCallers({ PlaceOrderFunction: ['Saga'], ShopFunction: [front] });
    const line = lineOf({ resources: onlyShop });
    expect(line).toMatchObject({ what: 'attempts of ShopFunction', agree: false });
    const bothCalled = withCallers({ PlaceOrderFunction: [front], ShopFunction: [front] });
    expect(lineOf({ resources: bothCalled })).toMatchObject({ what: 'attempts of PlaceOrderFunction, ShopFunction', agree: true });
  });

  test('may have more attempts than requests where somebody else invokes them too, and not otherwise', () => {
    const shared = withCallers({ PlaceOrderFunction: [front], ShopFunction: [front, 'Saga'] });
    expect(lineOf({ resources: shared, metrics: step })).toMatchObject({
      what: 'attempts of PlaceOrderFunction, ShopFunction (Saga may add to them)',
      agree: true,
    });
    const own = withCallers({ PlaceOrderFunction: [front], ShopFunction: [front] });
    expect(lineOf({ resources: own, metrics: step })).toMatchObject({ agree: false });
  });
});
