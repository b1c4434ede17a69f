import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEngine } from '../../src/log/engine.ts';
import { runSink } from '../../src/sinks/run-sink.ts';
import { s3ObjectStore } from '../../src/sinks/s3-object-store.ts';
import { tileSink } from '../../src/sinks/tile-sink.ts';
import type { ObjectStore, StoredObject } from '../../src/sinks/object-store.ts';
import { parseCheckpoint } from '../../src/note/checkpoint.ts';
import { readBundle } from '../../src/tiles/read-tile.ts';
import { rootOf } from '../../src/merkle/proofs.ts';
import { tileReader } from '../../src/tiles/tile-reader.ts';
import { openTestEngine } from '../rig.ts';
import { startReceiver } from './receiver.ts';

function memoryStore() {
  const objects = new Map<string, StoredObject>();
  const puts: string[] = [];
  const store: ObjectStore = {
    async put(object) {
      objects.set(object.key, object);
      puts.push(object.key);
    },
  };
  return { store, objects, puts };
}

async function fill(engine: AuditEngine, count: number, tenant = 'acme'): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) => engine.append(tenant, Buffer.from(`{"n":${n}}`))),
  );
}

async function mirror(engine: AuditEngine, store: ObjectStore) {
  const running = await runSink(engine, tileSink(engine, { store }), { baseDelayMs: 0, timeoutMs: 60_000 });
  onTestFinished(() => running.close());
  await running.caughtUp();
  return running;
}

/** Reads the stored log as anybody could, and checks that its checkpoint is true. */
async function sizeOfStored(objects: ReadonlyMap<string, StoredObject>, folder: string): Promise<number> {
  const source = { read: async (path: string) => objects.get(`${folder}/${path}`)?.body };
  const note = Buffer.from(objects.get(`${folder}/checkpoint`)?.body ?? []).toString();
  const { size, root } = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
  expect(Buffer.from(await rootOf(tileReader(source, size), size))).toEqual(Buffer.from(root));
  let entries = 0;
  for (let bundle = 0; bundle * 256 < size; bundle++)
    entries += (await readBundle(source, bundle, size)).length;
  expect(entries).toBe(size);
  return size;
}

describe('the tile sink', () => {
  it('keeps a whole log in a store, however it grew', async () => {
    const engine = await openTestEngine();
    const { store, objects } = memoryStore();
    const running = await mirror(engine, store);
    let size = 0;
    for (const count of [1, 5, 250, 1, 255, 300, 700]) {
      size += count;
      await fill(engine, count);
      await engine.flush();
      await running.caughtUp();
      expect(await sizeOfStored(objects, 'acme')).toBe(size);
    }
  });

  it('catches up with a long log file by file, each once, and ends with the checkpoint', async () => {
    const engine = await openTestEngine();
    for (let n = 0; n < 7; n++) await fill(engine, 10_000);
    await engine.flush();
    const { store, objects, puts } = memoryStore();
    await mirror(engine, store);
    expect(await sizeOfStored(objects, 'acme')).toBe(70_000);
    const far = puts.slice(0, puts.indexOf('acme/checkpoint'));
    expect(new Set(far).size).toBe(far.length);
    expect(far).toContain('acme/tile/entries/273.p/112');
    expect(far).toContain('acme/tile/2/000.p/1');
    expect(puts.at(-1)).toBe('acme/checkpoint');
  });

  it('keeps the trees of tenants apart, under names that need no escaping', async () => {
    const engine = await openTestEngine();
    await fill(engine, 3);
    await fill(engine, 4, 'Big Corp/../x');
    const { store, objects } = memoryStore();
    await mirror(engine, store);
    const folders = new Set([...objects.keys()].map((key) => key.split('/')[0]));
    expect(folders.size).toBe(2);
    for (const folder of folders) expect(folder).toMatch(/^[a-z0-9~._-]+$/);
  });

  it('says that files stay for ever and checkpoints do not', async () => {
    const engine = await openTestEngine();
    await fill(engine, 3);
    await engine.flush();
    const { store, objects } = memoryStore();
    await mirror(engine, store);
    expect(objects.get('acme/checkpoint')).toMatchObject({
      cacheControl: 'no-cache',
      contentType: 'text/plain; charset=utf-8',
    });
    const tile = objects.get('acme/tile/0/000.p/3');
    expect(tile).toMatchObject({
      cacheControl: 'public, max-age=31536000, immutable',
      contentType: 'application/octet-stream',
    });
  });

  it('waits for a checkpoint no longer than it may', async () => {
    const engine = await openTestEngine();
    const unpublished = Object.assign(Object.create(engine) as AuditEngine, { checkpoint: () => undefined });
    const { store } = memoryStore();
    const controller = new AbortController();
    const batch = {
      tenant: 'acme',
      origin: 'o',
      entries: [{ tenant: 'acme', index: 0, leaf: Buffer.from('x') }],
    };
    const write = tileSink(unpublished, { store }).write(batch, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(write).rejects.toBe(reason);
  });
});

describe('the S3 store', () => {
  it('puts objects through the client of AWS, signed, until it is told to stop', async () => {
    const { url, received } = await startReceiver();
    const program = path.join(import.meta.dirname, 'put-to-s3.ts');
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--conditions=@holdfast/source', program, url]);
    expect(stdout.trim()).toBe('AbortError');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'PUT',
      path: expect.stringMatching(/^\/audit\/prod\/acme\/checkpoint(\?|$)/) as string,
      headers: {
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request/,
        ) as string,
        'x-amz-content-sha256': expect.any(String) as string,
        'x-amz-server-side-encryption': 'AES256',
        'cache-control': 'no-cache',
        'content-type': 'text/plain',
      },
    });
    expect(received[0]?.body.toString()).toContain('bytes');
  });

  it('is refused without a client or a bucket', () => {
    const wanted = { client: { send: async () => {} }, PutObjectCommand: Object, bucket: 'b' };
    const without = (name: string) => () => s3ObjectStore({ ...wanted, [name]: undefined });
    expect(without('client')).toThrow('s3ObjectStore: client must be an object with the method send');
    expect(without('PutObjectCommand')).toThrow('s3ObjectStore: PutObjectCommand must be a function');
    expect(without('bucket')).toThrow('s3ObjectStore: bucket must be a string');
    expect(() => tileSink({} as never, {} as never)).toThrow(
      'tileSink: store must be an object with the method put',
    );
  });
});
