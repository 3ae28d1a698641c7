import type { KeyValue } from '../../../models/dynamodb/key-position.ts';

/** The members of a query that say which partition key it reads. */
export interface KeyCondition {
  readonly KeyConditionExpression?: string;
  readonly KeyConditions?: Readonly<Record<string, { readonly AttributeValueList?: readonly KeyValue[] }>>;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, KeyValue>>;
}

/** An equality of a key condition, either way round; `<=` and `>=` have no name or value right before their `=`. */
const equality = /([#\w.-]+)\s*=\s*(:\w+)|(:\w+)\s*=\s*([#\w.-]+)/g;

/** The partition key that a query reads, before dynalite has checked it; undefined where none is to be seen. */
export function partitionKeyOf(condition: KeyCondition, partitionKey: string): KeyValue | undefined {
  const { KeyConditionExpression: expression, KeyConditions, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = condition;
  if (typeof expression !== 'string') return KeyConditions?.[partitionKey]?.AttributeValueList?.[0];
  for (const [, nameFirst, valueLast, valueFirst, nameLast] of expression.matchAll(equality)) {
    const name = nameFirst ?? nameLast ?? '';
    if ((name.startsWith('#') ? names?.[name] : name) === partitionKey) return values?.[valueLast ?? valueFirst ?? ''];
  }
  return undefined;
}
