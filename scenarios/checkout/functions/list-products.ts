import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import { answering, json } from './http.ts';

const pageSize = 20;

/** GET /products?after=<sku>: one page of the catalogue; `next` is where the following page starts. */
export const handler = answering(async (event) => {
  const after = event.queryStringParameters?.['after'];
  const page = await tables.send(
    new ScanCommand({
      TableName: setting('INVENTORY_TABLE'),
      Limit: pageSize,
      ProjectionExpression: 'sku, title, category, priceCents',
      ...(after === undefined ? {} : { ExclusiveStartKey: { sku: after } }),
    }),
  );
  return json(200, { products: page.Items ?? [], next: page.LastEvaluatedKey?.['sku'] });
});
