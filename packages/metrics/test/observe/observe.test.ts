import { circuitBreaker, createBreakerRegistry } from '@holdfast/circuit-breaker';
import { manualClock } from '@holdfast/pipeline/testing';
import { hedge, retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { describe, expect, it } from 'vitest';
import { createMetrics, observe } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { samplesOf, scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

const fails = () => Promise.reject(new Error('down'));
const works = () => Promise.resolve(1);

describe('observing a circuit breaker', () => {
  it('shows its state, its calls by outcome and its transitions', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const breaker = circuitBreaker({ name: 'stripe', clock });
    observe(metrics, breaker);
    await breaker.try(works);
    for (let i = 0; i < 7; i++) await breaker.try(fails);
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'stripe open': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({
      'stripe success': 1,
      'stripe failure': 5,
      'stripe rejected': 2,
    });
    expect(await valuesOf(metrics, 'resilience_circuit_transitions_total')).toEqual({ 'stripe opened': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_openings_total')).toEqual({ stripe: 1 });
    await clock.advance(30_000);
    for (let i = 0; i < 3; i++) await breaker.try(works);
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'stripe closed': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_transitions_total')).toEqual({
      'stripe opened': 1,
      'stripe half_opened': 1,
      'stripe closed': 1,
    });
  });

  it('shows it under another name when told to', async () => {
    const metrics = createMetrics();
    const breaker = circuitBreaker({ name: 'stripe' });
    observe(metrics, breaker, { name: 'payments' });
    breaker.trip();
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'payments open': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_transitions_total')).toEqual({ 'payments opened': 1 });
  });

  it('adds up breakers of the same name', async () => {
    const metrics = createMetrics();
    const breakers = [circuitBreaker({ name: 'x' }), circuitBreaker({ name: 'x' })];
    for (const breaker of breakers) observe(metrics, breaker);
    for (const breaker of breakers) await breaker.try(works);
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({ 'x success': 2 });
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({ 'x success': 2 });
  });

  it('ends when it is told to, and keeps what was counted', async () => {
    const metrics = createMetrics();
    const breaker = circuitBreaker({ name: 'stripe' });
    const stop = observe(metrics, breaker);
    await breaker.try(works);
    await scrape(metrics);
    stop();
    breaker.trip();
    await breaker.try(works);
    expect(await samplesOf(metrics, 'resilience_circuit_state')).toEqual([]);
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({ 'stripe success': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_transitions_total')).toEqual({});
  });
});

describe('observing a registry of breakers', () => {
  it('shows those that it has and those that come', async () => {
    const metrics = createMetrics();
    const registry = createBreakerRegistry();
    await registry.get('a').try(works);
    observe(metrics, registry);
    registry.get('b').trip();
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'a closed': 1, 'b open': 1 });
    expect(await valuesOf(metrics, 'resilience_circuit_transitions_total')).toEqual({ 'b opened': 1 });
  });

  it('takes out the state of those that go', async () => {
    const metrics = createMetrics();
    const breakers = new Set([circuitBreaker({ name: 'a' }), circuitBreaker({ name: 'b' })]);
    observe(metrics, breakers);
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'a closed': 1, 'b closed': 1 });
    for (const breaker of breakers) if (breaker.name === 'a') breakers.delete(breaker);
    expect(await valuesOf(metrics, 'resilience_circuit_state')).toEqual({ 'b closed': 1 });
  });
});

describe('observing several of which one fails', () => {
  it('counts what the others have counted only once', async () => {
    const metrics = createMetrics({ onListenerError: () => undefined });
    const breaker = circuitBreaker({ name: 'a' });
    const other = circuitBreaker({ name: 'b' });
    let fails = false;
    const failing = {
      name: 'b',
      stats: () => {
        if (fails) throw new Error('no stats');
        return other.stats();
      },
    };
    observe(metrics, [breaker, failing]);
    await breaker.try(works);
    for (fails of [false, true, false]) await scrape(metrics);
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({ 'a success': 1 });
  });
});

describe('observing other strategies', () => {
  it('shows the attempts of a retry and how its calls ended', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const patient = retry({ maxAttempts: 3, baseDelayMs: 10, clock, name: 'users' });
    observe(metrics, patient);
    let failures = 0;
    const calls = [patient.try(fails), patient.try(() => (failures++ === 0 ? fails() : works()))];
    await clock.run();
    await Promise.all(calls);
    expect(await valuesOf(metrics, 'resilience_retry_calls_total')).toEqual({ users: 2 });
    expect(await valuesOf(metrics, 'resilience_retries_total')).toEqual({ users: 3 });
    expect(await valuesOf(metrics, 'resilience_retry_ends_total')).toEqual({
      'users recovered': 1,
      'users attempts_exhausted': 1,
    });
  });

  it('shows how often a timeout ran out', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const quick = timeout({ timeoutMs: 100, clock, name: 'quick' });
    observe(metrics, quick);
    const call = quick.try(() => new Promise(() => undefined));
    expect(await valuesOf(metrics, 'resilience_timeout_calls_running')).toEqual({ quick: 1 });
    await clock.advance(100);
    await call;
    expect(await valuesOf(metrics, 'resilience_timeouts_total')).toEqual({ quick: 1 });
    expect(await valuesOf(metrics, 'resilience_timeout_calls_running')).toEqual({});
  });

  it('shows what a hedge started', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const doubled = hedge({ delayMs: 10, clock, name: 'doubled' });
    observe(metrics, doubled);
    const call = doubled.try(({ attempt }) => (attempt === 1 ? new Promise(() => undefined) : works()));
    await clock.advance(10);
    await call;
    expect(await valuesOf(metrics, 'resilience_hedges_total')).toEqual({ doubled: 1 });
    expect(await valuesOf(metrics, 'resilience_hedges_won_total')).toEqual({ doubled: 1 });
  });

  it('refuses what it does not know', () => {
    const metrics = createMetrics();
    expect(() => observe(metrics, { name: 'x', stats: () => ({}) })).toThrow(
      "observe: 'x' counts nothing that is known",
    );
    expect(() => observe(metrics, undefined as never)).toThrow('observe: source must be an object');
  });

  it.skipIf(!hasPromtool)('uses names that promtool likes', async () => {
    const metrics = createMetrics();
    const strategies = [
      circuitBreaker({ name: 'c' }),
      retry({ name: 'r' }),
      hedge({ name: 'h', delayMs: 1 }),
      timeout({ name: 't', timeoutMs: 1 }),
    ];
    for (const strategy of strategies) observe(metrics, strategy);
    expect(lint(await scrape(metrics))).toBe('');
  });
});
