import type { IncomingMessage, ServerResponse } from 'node:http';
import { circuitBreaker, createBreakerRegistry } from '@holdfast/circuit-breaker';
import {
  circuitBreakerCheck,
  createHealth,
  createHealthEndpoints,
  createLifecycle,
  redisCheck,
  sqlCheck,
  type CheckResult,
  type Health,
  type HealthCheck,
  type HealthState,
} from '@holdfast/health';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { expectTypeOf, test } from 'vitest';

const health = createHealth({ groups: { billing: [] } });
const endpoints = createHealthEndpoints(health);

test('a check may be synchronous or not, and return a result or nothing', () => {
  expectTypeOf<() => void>().toExtend<HealthCheck['run']>();
  expectTypeOf<() => Promise<void>>().toExtend<HealthCheck['run']>();
  expectTypeOf<() => CheckResult>().toExtend<HealthCheck['run']>();
  expectTypeOf<(context: { signal: AbortSignal }) => Promise<CheckResult>>().toExtend<HealthCheck['run']>();
  expectTypeOf<() => boolean>().not.toExtend<HealthCheck['run']>();
  expectTypeOf<() => { state: 'unknown' }>().not.toExtend<HealthCheck['run']>();
});

test('groups are the standard ones, suggested, or any other', () => {
  expectTypeOf(health.state).parameter(0).extract<'readiness'>().toEqualTypeOf<'readiness'>();
  expectTypeOf(health.state('billing')).toEqualTypeOf<HealthState>();
});

test('events are told apart by their type', () => {
  health.on('health.check_changed', (event) => expectTypeOf(event.check).toEqualTypeOf<string>());
  health.on('health.alert_raised', (event) => expectTypeOf(event.again).toEqualTypeOf<boolean>());
  // @ts-expect-error there is no such event
  health.on('health.exploded', () => undefined);
});

test('endpoints fit every framework as they are', () => {
  express().use(endpoints.node);
  void fastify().register(endpoints.fastify, { prefix: '/internal' });
  new Hono().use(endpoints.hono);
  expectTypeOf(endpoints.node).toBeCallableWith({} as IncomingMessage, {} as ServerResponse);
  expectTypeOf(endpoints.fetch).returns.resolves.toEqualTypeOf<Response | undefined>();
});

test('the breakers of Holdfast can be checked', () => {
  circuitBreakerCheck({ breakers: circuitBreaker({ name: 'users' }) });
  circuitBreakerCheck({ breakers: [circuitBreaker(), circuitBreaker()] });
  circuitBreakerCheck({ breakers: createBreakerRegistry() });
  // @ts-expect-error a string is no breaker
  circuitBreakerCheck({ breakers: 7 });
});

test('clients are what they need to be', () => {
  // @ts-expect-error a client has a query
  sqlCheck({ client: {} });
  // @ts-expect-error a client is needed
  sqlCheck({});
  expectTypeOf(redisCheck).returns.toEqualTypeOf<HealthCheck>();
});

test('a health is disposable, and fits a lifecycle', () => {
  expectTypeOf<Health>().toExtend<Disposable>();
  createLifecycle({ health });
});

test('metrics can be pulled from a health without an import of it', () => {
  interface ObservedHealth {
    readonly groups: readonly string[];
    readonly draining: boolean;
    state(group: string): 'up' | 'degraded' | 'down' | 'unknown';
    stats(): readonly {
      readonly name: string;
      readonly state: 'up' | 'degraded' | 'down' | 'unknown';
      readonly runs: number;
      readonly failures: number;
      readonly timeouts: number;
      readonly lateResults: number;
      readonly abandoned: number;
      readonly transitions: number;
      readonly totalDurationMs: number;
      readonly lastDurationMs: number | undefined;
      readonly flapping: boolean;
    }[];
    subscribe(
      listener: (event: { readonly type: string; readonly check?: string; readonly to?: string }) => void,
    ): () => void;
  }
  expectTypeOf<Health>().toExtend<ObservedHealth>();
});
