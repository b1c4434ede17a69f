import { once } from 'node:events';
import { createServer } from 'node:http';
import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  consistencyProof,
  createWitness,
  diskFiles,
  generateSigner,
  openCheckpoint,
  parsePolicy,
  startWitnessing,
  tileReader,
  trustLog,
  witnessVkeyOf,
  type AuditFiles,
} from '@holdfast/audit';
import { buildLog, numbered, type LogFixture } from '../log-fixture.ts';
import { growingLog, tempFolder } from './rig.ts';

const hash64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');

async function request(log: LogFixture, from: number, to: number): Promise<string> {
  const reader = tileReader(log.source, log.entries.length);
  const proof = await consistencyProof(reader, from, to);
  return [`old ${from}`, ...proof.map(hash64), '', await log.checkpointAt(to)].join('\n');
}

async function rig(files?: AuditFiles) {
  const log = await buildLog({ entries: numbered(300) });
  const signer = generateSigner();
  const dir = tempFolder();
  const options = { name: 'w.example', signer, dir, policy: trustLog(log.vkey), ...(files ? { files } : {}) };
  const policy = parsePolicy(`log ${log.vkey}\nwitness w ${witnessVkeyOf('w.example', signer)}\nquorum w\n`);
  return { log, dir, options, policy, witness: createWitness(options) };
}

describe('a witness', () => {
  it('cosigns the first checkpoint that it sees, and every one that the log grew to', async () => {
    const { log, witness, policy } = await rig();
    for (const [from, to] of [
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 200],
      [200, 256],
      [256, 300],
    ] as const) {
      const { status, body } = await witness.addCheckpoint(await request(log, from, to));
      expect(status).toBe(200);
      expect(openCheckpoint((await log.checkpointAt(to)) + body, policy)).toMatchObject({
        witnessed: true,
        size: to,
      });
    }
  });

  it('tells how far it has come to whoever does not know', async () => {
    const { log, witness } = await rig();
    await witness.addCheckpoint(await request(log, 0, 100));
    expect(await witness.addCheckpoint(await request(log, 0, 200))).toEqual({
      status: 409,
      type: 'text/x.tlog.size',
      body: '100\n',
    });
    expect((await witness.addCheckpoint(await request(log, 50, 200))).status).toBe(409);
  });

  it('remembers what it cosigned when it starts again', async () => {
    const { log, witness, options } = await rig();
    await witness.addCheckpoint(await request(log, 0, 100));
    const again = createWitness(options);
    expect(await again.addCheckpoint(await request(log, 0, 50))).toMatchObject({
      status: 409,
      body: '100\n',
    });
    expect(await again.addCheckpoint(await request(log, 100, 200))).toMatchObject({ status: 200 });
  });

  it('refuses a fork, at the same size and beyond', async () => {
    const { log, witness } = await rig();
    const fork = await buildLog({ ...log, entries: log.entries.with(50, Buffer.from('forged')) });
    await witness.addCheckpoint(await request(log, 0, 100));
    expect((await witness.addCheckpoint(await request(fork, 100, 100))).status).toBe(409);
    expect((await witness.addCheckpoint(await request(fork, 100, 200))).status).toBe(422);
    expect((await witness.addCheckpoint(await request(log, 100, 200))).status).toBe(200);
  });

  it('refuses a log that was cut back', async () => {
    const { log, witness } = await rig();
    await witness.addCheckpoint(await request(log, 0, 200));
    const cut = `old 200\n\n${await log.checkpointAt(100)}`;
    expect((await witness.addCheckpoint(cut)).status).toBe(400);
  });

  it('does not know logs that it was not told of', async () => {
    const { witness } = await rig();
    const stranger = await buildLog({ origin: 'other.example' });
    expect((await witness.addCheckpoint(await request(stranger, 0, 1))).status).toBe(404);
  });

  it('does not accept a checkpoint that the log did not sign', async () => {
    const { log, witness } = await rig();
    const impostor = await buildLog({ origin: log.origin });
    expect((await witness.addCheckpoint(await request(impostor, 0, 1))).status).toBe(403);
  });

  it.each([
    '',
    'old 0\n',
    'old\n\nx',
    'old 00\n\nx',
    'old -1\n\nx',
    'old 0\nAAAA\n\nx',
    'new 0\n\nx',
    'old 0\n\nno note',
    `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx`,
  ])('finds %j malformed', async (body) => {
    const { witness } = await rig();
    expect((await witness.addCheckpoint(body)).status).toBe(400);
  });

  it('asks for no proof where there is nothing to prove', async () => {
    const { log, witness } = await rig();
    const surplus = (await request(log, 0, 100)).replace('old 0\n', `old 0\n${'A'.repeat(43)}=\n`);
    expect((await witness.addCheckpoint(surplus)).status).toBe(422);
  });

  it('looks and remembers in one step, whatever comes at the same time', async () => {
    const { log, witness } = await rig();
    const both = await Promise.all([
      witness.addCheckpoint(await request(log, 0, 100)),
      witness.addCheckpoint(await request(log, 0, 200)),
      witness.addCheckpoint(await request(log, 0, 300)),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 409, 409]);
  });

  it('cosigns nothing that it could not remember, and leaves no half of a file', async () => {
    let full = true;
    const files: AuditFiles = {
      ...diskFiles,
      create: async (file) => {
        const made = await diskFiles.create(file);
        const sync = () => (full ? Promise.reject(new Error('EIO')) : made.sync());
        return {
          write: (bytes, length) => made.write(bytes, length),
          truncate: (length) => made.truncate(length),
          close: () => made.close(),
          identity: () => made.identity(),
          sync,
        };
      },
    };
    const { log, witness, dir } = await rig(files);
    await expect(witness.addCheckpoint(await request(log, 0, 100))).rejects.toThrow('EIO');
    full = false;
    expect((await witness.addCheckpoint(await request(log, 0, 50))).status).toBe(200);
    expect(readdirSync(dir)).toHaveLength(1);
  });
});

describe('createWitness', () => {
  it('refuses options that are none, and answers 404 to an origin that cannot be one', async () => {
    const { options, log, witness } = await rig();
    expect(() => createWitness({ ...options, name: 'a b' })).toThrow(
      'createWitness: name must be a text without spaces',
    );
    expect(() => createWitness({ ...options, signer: {} as never })).toThrow(
      'createWitness: signer must be an object with',
    );
    expect(() => createWitness({ ...options, dir: undefined as never })).toThrow(
      'createWitness: dir is required',
    );
    expect(() => createWitness({ ...options, port: 1 } as never)).toThrow(
      'createWitness has no option "port"',
    );
    const spaced = (await request(log, 0, 1)).replace(`${log.origin}\n`, `${log.origin}/a b\n`);
    expect((await witness.addCheckpoint(spaced)).status).toBe(404);
  });
});

describe('over HTTP', () => {
  it('a log and a witness of its own process agree', async () => {
    const { log, witness, options } = await rig();
    const server = createServer(witness.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/witness`;
    const policy = parsePolicy(`witness w ${witnessVkeyOf('w.example', options.signer)} ${url}/\nquorum w\n`);
    const growing = await growingLog(log, 10);
    const witnessing = startWitnessing({ policy, logs: () => [growing] });
    onTestFinished(() => witnessing.close());
    await witnessing.round();
    growing.size = 290;
    await witnessing.round();
    expect(growing.published).toHaveLength(2);
    const post = (path: string, init: RequestInit) =>
      fetch(`${url}${path}`, init).then(({ status }) => status);
    expect(await post('/add-checkpoint', { method: 'GET' })).toBe(405);
    expect(await post('/elsewhere', { method: 'POST', body: 'x' })).toBe(404);
    expect(await post('/add-checkpoint', { method: 'POST', body: 'x' })).toBe(400);
    expect(await post('/add-checkpoint', { method: 'POST', body: 'x'.repeat(70_000) })).toBe(413);
  });
});
