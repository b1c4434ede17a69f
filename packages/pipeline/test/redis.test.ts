import { describe, expect, it, vi } from 'vitest';
import { createRedisScript, type RedisClient } from '../src/redis.ts';

const SOURCE = 'return 1';
// printf 'return 1' | sha1sum
const SHA = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db';
const unknown = () => Promise.reject(new Error('NOSCRIPT No matching script. Please use EVAL.'));

describe('a script for ioredis', () => {
  it('is sent by its digest, with keys and arguments as text', async () => {
    const client = { eval: vi.fn(), evalsha: vi.fn().mockResolvedValue(7) };
    const script = createRedisScript(client, SOURCE);
    expect(await script.run(['a', 'b'], [1, 'x', 2.5])).toBe(7);
    expect(client.evalsha).toHaveBeenCalledExactlyOnceWith(SHA, 2, 'a', 'b', '1', 'x', '2.5');
    expect(client.eval).not.toHaveBeenCalled();
  });

  it('is sent in full where the server does not know it', async () => {
    const client = { eval: vi.fn().mockResolvedValue(8), evalsha: vi.fn(unknown) };
    expect(await createRedisScript(client, SOURCE).run(['a'], [])).toBe(8);
    expect(client.eval).toHaveBeenCalledExactlyOnceWith(SOURCE, 1, 'a');
  });

  it('is not sent again when it fails otherwise', async () => {
    const down = new Error('Connection is closed.');
    const client = { eval: vi.fn(), evalsha: vi.fn().mockRejectedValue(down) };
    await expect(createRedisScript(client, SOURCE).run(['a'], [])).rejects.toBe(down);
    expect(client.eval).not.toHaveBeenCalled();
  });
});

describe('a script for node-redis', () => {
  it('is sent by its digest, and in full where the server does not know it', async () => {
    const client = { eval: vi.fn().mockResolvedValue(9), evalSha: vi.fn(unknown) };
    expect(await createRedisScript(client, SOURCE).run(['a'], [3])).toBe(9);
    const options = { keys: ['a'], arguments: ['3'] };
    expect(client.evalSha).toHaveBeenCalledExactlyOnceWith(SHA, options);
    expect(client.eval).toHaveBeenCalledExactlyOnceWith(SOURCE, options);
  });
});

it('is refused for anything else', () => {
  expect(() => createRedisScript({ eval: () => 1 } as unknown as RedisClient, SOURCE)).toThrow(
    'createRedisScript: client must be one of ioredis or node-redis',
  );
});
