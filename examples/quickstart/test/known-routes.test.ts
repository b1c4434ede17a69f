import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { knownRoutes } from '../src/known-routes.ts';

it('knows a route once something like it was answered well', () => {
  const routes = knownRoutes();
  expect(routes.routeOf('/orders/1')).toBeUndefined();
  routes.learn('/orders/1?cups=2');
  expect(routes.routeOf('/orders/2')).toBe('/orders/{id}');
  expect(routes.routeOf('/orders')).toBeUndefined();
});

it('learns no more than so many, and keeps those', () => {
  const routes = knownRoutes(2);
  for (const path of ['/a', '/b', '/c', '/a']) routes.learn(path);
  expect(['/a', '/b', '/c'].map((path) => routes.routeOf(path))).toEqual(['/a', '/b', undefined]);
});

it.each(['/__proto__', '/constructor', '', '//', '/tea/../tea'])('takes %j like any other path', (path) => {
  const routes = knownRoutes();
  expect(routes.routeOf(path)).toBeUndefined();
  routes.learn(path);
  expect(routes.routeOf(path)).toBe(path);
});

const path = fc
  .array(fc.oneof(fc.nat().map(String), fc.uuid(), fc.string()))
  .map((parts) => `/${parts.join('/')}`);

test.prop([fc.array(fc.tuple(fc.boolean(), path)), fc.integer({ min: 1, max: 10 })])(
  'never has more routes than it may, whatever is asked for and answered',
  (requests, maxRoutes) => {
    const routes = knownRoutes(maxRoutes);
    for (const [well, each] of requests) if (well) routes.learn(each);
    const found = new Set(requests.map(([, each]) => routes.routeOf(each)));
    found.delete(undefined);
    expect(found.size).toBeLessThanOrEqual(maxRoutes);
    for (const route of found) expect(route?.length).toBeLessThanOrEqual(100);
  },
);

test.prop([fc.array(path, { maxLength: 20 })])(
  'knows all that it has learnt while there is room',
  (paths) => {
    const routes = knownRoutes();
    for (const each of paths) routes.learn(each);
    for (const each of paths) expect(routes.routeOf(each)).toBeDefined();
  },
);
