import { circuitBreaker } from '@holdfast/circuit-breaker';
import { createFetch } from '@holdfast/http';
import { classifyModelError, failover as createFailover, type ModelProvider } from '@holdfast/http/models';
import { observe } from '@holdfast/metrics';
import { anthropic, google, openai } from '../demo/models.ts';
import { healthy, type Phase } from '../demo/schedule.ts';
import { openUpstream } from '../demo/upstream.ts';
import { fetchText } from './fetch-text.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario, World } from './scenario.ts';

const latencyMs = [40, 80] as const;

export const failover: Scenario = {
  name: 'failover',
  title: 'three model providers, the cheapest first, those that are down last',
  lookFor:
    'While the cheapest is overloaded (529) the next ones answer, and its circuit keeps it from being asked.',
  schedule: [
    healthy(4, { latencyMs }),
    healthy(5, { name: 'overloaded', latencyMs, faultRatio: 1, fault: 'status' }),
  ],
  load: { rate: 15 },
  dialect: anthropic,
  compared: true,
  async guard(world) {
    const { metrics, upstream, ms } = world;
    const guarded = createFetch({ breaker: false, retry: false, attemptMs: ms(2_000) });
    const provider = (name: string, pricePerMillion: number, url: URL): ModelProvider<string, string> => {
      const breaker = circuitBreaker({
        name,
        openMs: ms(1_000),
        // A wrong request, a filtered prompt or a 429 says nothing about the provider's health.
        classifyError: (error) => (classifyModelError(error).countsAsFailure ? 'failure' : 'ignored'),
      });
      observe(metrics, breaker);
      return {
        name,
        pricePerMillion,
        strategy: breaker,
        run: (prompt, { signal }) =>
          fetchText(guarded, url, { method: 'POST', body: JSON.stringify({ prompt }), signal }),
      };
    };
    const others = await Promise.all([
      // A third of what it is asked is more than it lets pass.
      standIn(world, openai, healthy(1, { latencyMs, faultRatio: 0.3, fault: 'status' })),
      standIn(world, google, healthy(1, { latencyMs: [150, 250] })),
    ]);
    const [second, third] = others;
    const models = createFailover({
      name: 'models',
      order: 'price',
      providers: [
        provider('small', 1, new URL('/v1/messages', upstream)),
        provider('medium', 3, new URL('/v1/chat/completions', second.url)),
        provider('large', 15, new URL('/v1beta/models/large:generateContent', third.url)),
      ],
    });
    observe(metrics, models);
    return {
      ...guardWith(metrics),
      strategy: {
        async *stream(_attempt, { signal }) {
          const { value, provider: name, degraded } = await models.call('What would you like?', { signal });
          const headers = ['Content-Type', 'application/json', 'Model-Provider', name];
          yield { status: 200, statusText: 'OK', headers, degraded };
          yield Buffer.from(value);
        },
      },
      parts: [models],
      close: async () => void (await Promise.all(others.map((each) => each.close()))),
    };
  },
};

function standIn({ speed, random }: World, dialect: Scenario['dialect'], phase: Phase) {
  const reading = { phase, next: phase, endsInMs: Infinity };
  return openUpstream({ phase: () => reading, speed, random, ...(dialect && { dialect }) });
}
