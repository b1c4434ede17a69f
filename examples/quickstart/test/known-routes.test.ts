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
