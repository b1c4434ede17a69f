import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';

const eventually = (assertion: () => unknown) => vi.waitFor(assertion, { timeout: 60_000, interval: 10 });
const STOPPED = [
  'shutdown.started',
  'hold done',
  'http done',
  'database done',
  'flushed',
  'flush done',
  'shutdown.ended',
];

async function start(framework: string, ...settings: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=@holdfast/source', path.join(import.meta.dirname, 'service.ts')],
    {
      env: {
        ...process.env,
        FRAMEWORK: framework,
        ...Object.fromEntries(settings.map((name) => [name, '1'])),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const lines = () => output.trim().split('\n');
  const says = (line: string | RegExp) => eventually(() => expect(output).toMatch(line));
  await says(/port \d+/);
  if (!settings.includes('STARTS_SLOWLY')) await says('started');

  const port = Number(/port (\d+)/.exec(output)?.[1]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Asks over one connection that is kept alive. */
  const ask = async (at: string) => {
    const request = get({ host: '127.0.0.1', port, path: at, agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
    return {
      status: response.statusCode,
      connection: response.headers.connection,
      reused: request.reusedSocket,
      body,
    };
  };
  return {
    child,
    ask,
    says,
    status: async (at: string) => (await fetch(`http://127.0.0.1:${port}${at}`)).status,
    exited,
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      child.kill('SIGKILL');
      await exited;
    },
    sinceSignal: () => lines().slice(lines().indexOf('shutdown.started')),
  };
}

describe.concurrent.each(['http', 'fastify'])('a process that serves with %s', (framework) => {
  test('on SIGTERM fails readiness, leaves liveness green, and serves what is being served', async () => {
    await using service = await start(framework, 'HOLDS');
    const { child, status, ask, says, exited, sinceSignal } = service;
    expect(await status('/readyz')).toBe(200);
    const answer = ask('/slow');
    await says('serving');
    child.kill('SIGTERM');
    await says('shutdown.started');
    expect([await status('/readyz'), await status('/livez')]).toEqual([503, 200]);
    expect(await status('/release')).toBe(200);
    expect(await answer).toMatchObject({ status: 200, connection: 'close', body: 'slow' });
    expect(await exited).toEqual([0, null]);
    expect(sinceSignal()).toEqual(STOPPED);
  });

  test('asks a client that keeps its connection to come with another, and is not held up by it', async () => {
    await using service = await start(framework, 'HOLDS');
    const { child, ask, says, exited } = service;
    expect(await ask('/livez')).toMatchObject({ connection: 'keep-alive', reused: false });
    expect(await ask('/livez')).toMatchObject({ connection: 'keep-alive', reused: true });
    child.kill('SIGTERM');
    await says('shutdown.started');
    expect(await ask('/livez')).toMatchObject({ status: 200, connection: 'close', reused: true });
    expect(await ask('/release')).toMatchObject({ status: 200, connection: 'close', reused: false });
    expect(await exited).toEqual([0, null]);
  });

  test('a connection that is kept open and idle holds nothing up', async () => {
    await using service = await start(framework);
    const { child, ask, exited } = service;
    expect(await ask('/livez')).toMatchObject({ connection: 'keep-alive' });
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('stops in good order while it still starts', async () => {
    await using service = await start(framework, 'STARTS_SLOWLY', 'HOLDS');
    const { child, status, exited, says, sinceSignal } = service;
    expect([await status('/startupz'), await status('/readyz'), await status('/livez')]).toEqual([
      503, 503, 200,
    ]);
    child.kill('SIGTERM');
    await says('shutdown.started');
    expect([await status('/readyz'), await status('/livez')]).toEqual([503, 200]);
    await status('/release');
    expect(await exited).toEqual([0, null]);
    expect(sinceSignal().filter((line) => line !== 'started')).toEqual(STOPPED);
  });

  test('a second signal ends it although a phase hangs', async () => {
    await using service = await start(framework, 'HANGS');
    const { child, exited, says, sinceSignal } = service;
    child.kill('SIGINT');
    await says('http done');
    child.kill('SIGTERM');
    expect(await exited).toEqual([143, null]);
    expect(sinceSignal()).toEqual(['shutdown.started', 'hold done', 'http done', 'shutdown.forced']);
  });

  test('leaves a phase that hangs behind when its time is up, and says so by its exit code', async () => {
    await using service = await start(framework, 'HANGS', 'GIVES_UP');
    const { child, exited, sinceSignal } = service;
    child.kill('SIGINT');
    expect(await exited).toEqual([1, null]);
    expect(sinceSignal()).toEqual([
      'shutdown.started',
      'hold done',
      'http done',
      'database timed-out',
      'flushed',
      'flush done',
      'shutdown.ended',
    ]);
  });
});
