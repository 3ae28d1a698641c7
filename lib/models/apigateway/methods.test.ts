import { expect, it } from 'vitest';
import { MethodTable } from './methods.ts';

const table = new MethodTable(
  ['GET /', 'GET /orders', 'GET /orders/{id}', 'POST /orders/{id}', 'ANY /{proxy+}', 'GET /orders/{id}/lines', 'ANY /orders/{id}/lines'].map(
    (key) => {
      const [httpMethod = '', resource = ''] = key.split(' ');
      return { key, httpMethod, resource, target: key };
    },
  ),
);

it.each([
  ['GET', '/', 'GET /', undefined],
  ['GET', '/orders', 'GET /orders', undefined],
  ['GET', '/orders/a%20b', 'GET /orders/{id}', { id: 'a b' }],
  ['GET', '/orders/{id}', 'GET /orders/{id}', { id: '{id}' }],
  ['DELETE', '/orders/1/lines', 'ANY /orders/{id}/lines', { id: '1' }],
  ['GET', '/orders/1/lines', 'GET /orders/{id}/lines', { id: '1' }],
  ['GET', '/other/way', 'ANY /{proxy+}', { proxy: 'other/way' }],
])('%s %s goes to %s', (httpMethod, path, target, pathParameters) => {
  const match = table.match(httpMethod, path);
  expect([match?.method.target, match?.pathParameters]).toEqual([target, pathParameters]);
});

it('takes no other resource when the most specific one lacks the method', () => {
  expect(table.match('DELETE', '/orders/1')).toBeUndefined();
  expect(table.match('POST', '/')).toBeUndefined();
});
