import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  detectEnvironment,
  environment,
  isWeakSecret,
  type EnvironmentOptions,
} from '@holdfast/credential-broker/backends';
import { never, requestFor } from '../backend-request.ts';

const [STRONG, OTHER] = ['kN7!vR2#qZ9@wX4$mB6%', 'Ty8&hJ3*pL5(cV1)fD0_'];

function read(env: EnvironmentOptions['env'], options: Partial<EnvironmentOptions> = {}) {
  const warnings: string[] = [];
  const backend = environment({ env, onWarning: (warning) => warnings.push(warning), ...options });
  const get = async (name = 'AGENT_SECRET') => {
    expect(await backend.inspect(requestFor(name), never())).toEqual({});
    return (await backend.issue(requestFor(name), never())).credential['value']?.reveal();
  };
  return { get, warnings, backend };
}

describe('detectEnvironment', () => {
  it.each([
    [{}, 'development'],
    [{ NODE_ENV: '' }, 'development'],
    [{ NODE_ENV: 'test' }, 'development'],
    [{ NODE_ENV: 'Development' }, 'development'],
    [{ NODE_ENV: 'staging' }, 'staging'],
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'production', VERCEL_ENV: 'preview' }, 'staging'],
    [{ NODE_ENV: 'production', VERCEL_ENV: 'development' }, 'development'],
    [{ NODE_ENV: 'development', VERCEL_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'live' }, 'production'],
    [{ NODE_ENV: 'toString' }, 'production'],
    [{ NODE_ENV: '__proto__' }, 'production'],
  ])('of %j says %s', (env, expected) => {
    expect(detectEnvironment(env)).toBe(expected);
  });
});

describe('isWeakSecret', () => {
  it.each([
    'dev-secret-key-change-in-production',
    'dev-token-change-in-production',
    'demo-key-12345-and-longer-still',
    'CHANGE_ME_CHANGE_ME_1',
    'your-secret-goes-here-0815',
    'short',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abababababababababababababab',
    '<put the secret in here please>',
    '',
  ])('knows %j', (secret) => expect(isWeakSecret(secret)).toBe(true));

  test.prop([fc.uint8Array({ minLength: 32, maxLength: 32 })])('lets random keys pass', (bytes) => {
    fc.pre(new Set(bytes).size > 20);
    expect(isWeakSecret(Buffer.from(bytes).toString('base64url'))).toBe(false);
  });
});

describe('environment', () => {
  const all = { DEV_AGENT_SECRET: 'dev', STAGING_AGENT_SECRET: STRONG, PROD_AGENT_SECRET: OTHER };

  it('gives the secret of the environment it runs in, and of no other', async () => {
    expect(await read(all).get()).toBe('dev');
    expect(await read({ ...all, VERCEL_ENV: 'preview', NODE_ENV: 'production' }).get()).toBe(STRONG);
    expect(await read({ ...all, NODE_ENV: 'production' }).get()).toBe(OTHER);
    expect(await read(all, { name: 'production' }).get()).toBe(OTHER);
    await expect(read({ PROD_AGENT_SECRET: OTHER }).get()).rejects.toMatchObject({ failure: 'not-found' });
  });

  it('has no way to another environment, or around the prefix', async () => {
    const { get } = read({ ...all, PATH: '/bin', APP_X: STRONG }, { prefix: 'APP_' });
    for (const name of [
      'PROD_AGENT_SECRET',
      'STAGING_AGENT_SECRET',
      'DEV_X',
      'path',
      '',
      'A-B',
      'A'.repeat(65),
    ]) {
      await expect(get(name)).rejects.toMatchObject({ failure: 'invalid' });
    }
    await expect(get('PATH')).rejects.toMatchObject({ failure: 'not-found' });
    expect(await get('X')).toBe(STRONG);
    await expect(read({}).get('CONSTRUCTOR')).rejects.toMatchObject({ failure: 'not-found' });
  });

  it('warns once of what stands in, and refuses it in production', async () => {
    const env = { SHARED_SECRET: STRONG };
    const fallbacks = { AGENT_SECRET: ['AGENT_TOKEN_SECRET', 'SHARED_SECRET', 'JWT_SECRET'] };
    const development = read(env, { fallbacks });
    expect([await development.get(), await development.get()]).toEqual([STRONG, STRONG]);
    expect(development.warnings).toEqual(['SHARED_SECRET stands in for DEV_AGENT_SECRET, which is not set']);
    const staging = read(env, { fallbacks, name: 'staging' });
    expect(await staging.get()).toBe(STRONG);
    expect(staging.warnings).toHaveLength(1);
    await expect(read(env, { fallbacks, name: 'production' }).get()).rejects.toMatchObject({
      failure: 'denied',
      message: 'refused in production: SHARED_SECRET stands in for PROD_AGENT_SECRET, which is not set',
    });
    expect(await read({ AGENT_SECRET: OTHER, ...env }, { fallbacks }).get()).toBe(OTHER);
  });

  it('warns of what is weak in development, and refuses it elsewhere', async () => {
    const weak = 'dev-token-change-in-production';
    const development = read({ DEV_AGENT_SECRET: weak });
    expect(await development.get()).toBe(weak);
    expect(development.warnings).toEqual(['DEV_AGENT_SECRET is short, a default or easy to guess']);
    await expect(read({ STAGING_AGENT_SECRET: weak }, { name: 'staging' }).get()).rejects.toMatchObject({
      failure: 'denied',
    });
    await expect(read({ AGENT_SECRET: weak }, { name: 'staging' }).get()).rejects.toMatchObject({
      failure: 'denied',
    });
    const error: unknown = await read({ PROD_AGENT_SECRET: weak }, { name: 'production' })
      .get()
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ failure: 'denied' });
    expect(String(error)).not.toContain(weak);
  });

  it('keeps environments apart', async () => {
    const env = { DEV_AGENT_SECRET: STRONG, PROD_AGENT_SECRET: STRONG };
    await expect(read(env, { name: 'production' }).get()).rejects.toMatchObject({
      message: 'refused in production: PROD_AGENT_SECRET and DEV_AGENT_SECRET are the same',
    });
  });

  it('sees a rotation at once', async () => {
    const env: Record<string, string> = { PROD_AGENT_SECRET: STRONG };
    const { get } = read(env, { name: 'production' });
    expect(await get()).toBe(STRONG);
    env['PROD_AGENT_SECRET'] = OTHER;
    expect(await get()).toBe(OTHER);
  });

  it('does nothing for a call that was aborted', async () => {
    const { backend } = read(all);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(backend.issue(requestFor('AGENT_SECRET'), signal)).rejects.toThrow('enough');
    await expect(backend.inspect(requestFor('AGENT_SECRET'), signal)).rejects.toThrow('enough');
    await expect(backend.health(signal)).rejects.toThrow('enough');
    await expect(backend.health(never())).resolves.toBeUndefined();
  });

  it('checks its options', () => {
    expect(() => environment({} as never)).toThrow('environment: env must be an object');
    expect(() => environment({ env: {}, name: 'prod' } as never)).toThrow('name must be one of');
    expect(() => environment({ env: {}, prefix: 'a b' })).toThrow('prefix must be capital letters');
    expect(() => environment({ env: {}, fallbacks: { A: 'B' } } as never)).toThrow('fallbacks must be');
  });
});
