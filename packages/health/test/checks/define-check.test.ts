import { describe, expect, test } from 'vitest';
import {
  circuitBreakerCheck,
  configurationCheck,
  createHealth,
  eventLoopCheck,
  expiryCheck,
  filesystemCheck,
  httpCheck,
  mcpCheck,
  memoryCheck,
  redisCheck,
  requestCheck,
  sqlCheck,
  tcpCheck,
  type CheckOverrides,
  type HealthCheck,
} from '../../src/index.ts';

interface BuiltIn {
  readonly owner: string;
  readonly name: string;
  readonly make: (overrides?: object) => HealthCheck;
  /** The option without which it cannot be made. */
  readonly needs?: string;
}

const url = 'http://127.0.0.1:9';
const builtIns: readonly BuiltIn[] = [
  {
    owner: 'sqlCheck',
    name: 'database',
    needs: 'client',
    make: (more) => sqlCheck({ client: { query: async () => [] }, ...more }),
  },
  {
    owner: 'redisCheck',
    name: 'redis',
    needs: 'client',
    make: (more) => redisCheck({ client: { ping: async () => 'PONG' }, ...more }),
  },
  { owner: 'httpCheck', name: 'http', needs: 'url', make: (more) => httpCheck({ url, ...more }) },
  { owner: 'mcpCheck', name: 'mcp', needs: 'url', make: (more) => mcpCheck({ url, ...more }) },
  {
    owner: 'tcpCheck',
    name: 'tcp',
    needs: 'host',
    make: (more) => tcpCheck({ host: '127.0.0.1', port: 9, ...more }),
  },
  {
    owner: 'filesystemCheck',
    name: 'filesystem',
    needs: 'path',
    make: (more) => filesystemCheck({ path: '/', ...more }),
  },
  { owner: 'memoryCheck', name: 'memory', make: memoryCheck },
  { owner: 'eventLoopCheck', name: 'event-loop', make: eventLoopCheck },
  {
    owner: 'expiryCheck',
    name: 'expiry',
    needs: 'expiresAtMs',
    make: (more) => expiryCheck({ expiresAtMs: () => undefined, ...more }),
  },
  {
    owner: 'circuitBreakerCheck',
    name: 'circuit-breakers',
    needs: 'breakers',
    make: (more) => circuitBreakerCheck({ breakers: [], ...more }),
  },
  {
    owner: 'requestCheck',
    name: 'requests',
    needs: 'requestStats',
    make: (more) => requestCheck({ requestStats: () => undefined, ...more }),
  },
  { owner: 'configurationCheck', name: 'configuration', make: configurationCheck },
];

describe.each(builtIns)('$owner', ({ owner, name, make }) => {
  test('has a name of its own, and keeps its options to itself', () => {
    const check = make();
    expect(check.name).toBe(name);
    createHealth({ checks: [check] }).close();
  });

  test('takes what every check can be told', () => {
    const overrides: Required<CheckOverrides> = {
      name: 'other',
      kinds: ['startup'],
      dependency: false,
      critical: false,
      alert: 'none',
      componentType: 'system',
      recommendation: 'look',
      timeoutMs: 1,
      ttlMs: 0,
      staleMs: 0,
      refreshMs: 2,
      failureThreshold: 3,
      successThreshold: 4,
    };
    const check = make(overrides);
    expect(check).toMatchObject(overrides);
    createHealth({ checks: [check] }).close();
  });

  test('refuses what it does not know, and what breaks a rule, by its own name', () => {
    expect(() => make({ timeout: 5 })).toThrow(`${owner} has no option "timeout"`);
    expect(() => make({ timeoutMs: 0 })).toThrow(`${owner}: timeoutMs must be a number >= 1, got 0`);
    expect(() => make({ name: 'two words' })).toThrow(`${owner}: name must be 1 to 100 letters`);
    expect(() => make({ kinds: ['ready'] })).toThrow(`${owner}: kinds must be an array`);
  });
});

test.each(builtIns.filter(({ needs }) => needs !== undefined))(
  '$owner says that it needs $needs',
  ({ owner, make, needs = '' }) => {
    expect(() => make({ [needs]: null })).toThrow(`${owner}: ${needs} must be`);
  },
);
