import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouteTable, routeKeyProblem } from './routes.ts';

const tableOf = (...keys: string[]): RouteTable<string> => new RouteTable(keys.map((routeKey) => ({ routeKey, target: routeKey })));

describe('routes of an HTTP API', () => {
  // The example of API Gateway's developer guide, "Routing API requests".
  const documented = tableOf('GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default');

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/', '$default', undefined],
  ])('%s %s goes to %s', (method, path, routeKey, pathParameters) => {
    expect(documented.match(method, path)).toEqual({ route: { routeKey, target: routeKey }, pathParameters });
  });

  it('prefers a named method to ANY, literal segments to variables, and decodes values', () => {
    const table = tableOf('ANY /orders/{id}', 'GET /orders/{id}', 'ANY /orders/new');
    expect(table.match('GET', '/orders/7')?.route.routeKey).toBe('GET /orders/{id}');
    expect(table.match('PUT', '/orders/7')?.route.routeKey).toBe('ANY /orders/{id}');
    expect(table.match('GET', '/orders/new')?.route.routeKey).toBe('ANY /orders/new');
    expect(table.match('GET', '/orders/a%20b%2Fc')?.pathParameters).toEqual({ id: 'a b/c' });
    expect(table.match('GET', '/orders/%zz')?.pathParameters).toEqual({ id: '%zz' });
    expect(table.match('GET', '/orders')).toBeUndefined();
    expect(table.match('GET', '/orders/')).toBeUndefined();
  });

  it('prefers a full match to a greedy one, however literal that begins', () => {
    const table = tableOf('GET /pets/dog/{proxy+}', 'ANY /{proxy+}', 'GET /pets/{id}/photo', 'ANY /pets/{id}/{part}');
    expect(table.match('GET', '/pets/dog/photo')).toMatchObject({ route: { routeKey: 'GET /pets/{id}/photo' }, pathParameters: { id: 'dog' } });
    expect(table.match('GET', '/pets/dog/name')?.route.routeKey).toBe('ANY /pets/{id}/{part}');
    expect(table.match('GET', '/pets/dog/photo/1')?.route.routeKey).toBe('GET /pets/dog/{proxy+}');
    expect(table.match('GET', '/pets')?.route.routeKey).toBe('ANY /{proxy+}');
  });

  it('never matches a path of another shape, whatever is in it', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9%._~{}+-]{0,6}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const match = tableOf('GET /a/{x}/{y}').match('GET', `/${segments.join('/')}`);
        expect(match !== undefined).toBe(segments.length === 3 && segments[0] === 'a' && segments[1] !== '' && segments[2] !== '');
      }),
    );
  });

  it('says what is no route key', () => {
    for (const good of ['$default', 'GET /', 'ANY /{proxy+}', 'PATCH /a/{b}/c']) expect(routeKeyProblem(good)).toBeUndefined();
    for (const bad of ['GET', 'get /a', 'GET a', 'GET /{proxy+}/a', 'GET /{a', 'FETCH /a', 'GET /a{b}'])
      expect(routeKeyProblem(bad)).toBeTypeOf('string');
  });
});
