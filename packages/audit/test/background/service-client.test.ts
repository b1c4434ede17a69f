import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ServiceClient } from '../../src/background/service-client.ts';
import { startService } from '../../src/start-service.ts';
import { tempFolder } from '../rig.ts';

/** A service whose program is given. */
function serve(program: string): ServiceClient {
  const prelude = "const { parentPort } = require('node:worker_threads');";
  const client = new ServiceClient(new Worker(prelude + program, { eval: true, execArgv: [] }));
  onTestFinished(() => client.close());
  return client;
}

const ECHO = `parentPort.on('message', ({ id, method, argument }) => {
  if (method === 'fail') parentPort.postMessage({ id, error: new RangeError('no ' + argument) });
  else if (method === 'crash') throw new Error('crashed');
  else if (method === 'leave') process.exit(0);
  else if (method !== 'hang') parentPort.postMessage({ id, value: [method, argument] });
});`;

describe('a service in a thread', () => {
  it('answers each call with its own answer', async () => {
    const client = serve(ECHO);
    const answers = await Promise.all([1, 2, 3].map((n) => client.call('echo', n)));
    expect(answers).toEqual([1, 2, 3].map((n) => ['echo', n]));
  });

  it('hands errors on, and goes on', async () => {
    const client = serve(ECHO);
    await expect(client.call('fail', 'way')).rejects.toThrow(new RangeError('no way'));
    await expect(client.call('echo')).resolves.toEqual(['echo', undefined]);
  });

  it('that dies fails the calls under way and those to come', async () => {
    const client = serve(ECHO);
    const hanging = client.call('hang');
    const crash = client.call('crash');
    await expect(hanging).rejects.toThrow('crashed');
    await expect(crash).rejects.toThrow('crashed');
    await expect(client.call('echo')).rejects.toThrow('crashed');
  });

  it('that leaves fails them, too', async () => {
    const client = serve(ECHO);
    const hanging = client.call('hang');
    await Promise.all([
      expect(client.call('leave')).rejects.toThrow('the thread has ended'),
      expect(hanging).rejects.toThrow('the thread has ended'),
    ]);
  });

  it('answers what it was asked before it is closed, and nothing afterwards', async () => {
    const client = serve(ECHO);
    const last = client.call('echo', 'last');
    await Promise.all([client.close(), client.close()]);
    await expect(last).resolves.toEqual(['echo', 'last']);
    await expect(client.call('echo')).rejects.toMatchObject({ code: 'ERR_AUDIT_CLOSED' });
  });

  it('says why its file cannot be opened', async () => {
    const client = startService({
      service: 'index',
      file: path.join(await tempFolder(), 'no', 'such', 'folder'),
    });
    await expect(client.call('start', 'o')).rejects.toThrow('no such file or directory');
    await client.close();
  });

  it('keeps no process alive that does nothing else', async () => {
    const file = path.join(await tempFolder(), 'index.sqlite');
    const start = path.join(import.meta.dirname, '../../src/start-service.ts');
    const program = `
      const { startService } = await import(${JSON.stringify(start)});
      const client = startService({ service: 'index', file: ${JSON.stringify(file)} });
      console.log((await client.call('start', 'o')).key.length);`;
    const args = ['--conditions=@holdfast/source', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout.trim()).toBe('64');
  });
});
