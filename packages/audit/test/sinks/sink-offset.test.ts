import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../src/files/disk-files.ts';
import { sha256 } from '../../src/merkle/hash.ts';
import { SinkOffset } from '../../src/sinks/sink-offset.ts';
import { signWebhook, verifyWebhook } from '../../src/sinks/webhook-signature.ts';
import { tempFolder } from '../rig.ts';

describe('how far a sink has come', () => {
  it('is nowhere at first, and remembered from then on', async () => {
    const dir = await tempFolder();
    const offset = await SinkOffset.load(dir, 'siem', diskFiles);
    expect(offset.next.size).toBe(0);
    offset.next.set('acme', 7).set('Big "Corp"', 8);
    await offset.save();
    const again = await SinkOffset.load(dir, 'siem', diskFiles);
    expect(again.next).toEqual(new Map([['acme', 7], ['Big "Corp"', 8]])); // prettier-ignore
    expect((await SinkOffset.load(dir, 'other', diskFiles)).next.size).toBe(0);
  });

  it('is put in place as a whole: a write that fails leaves the one before', async () => {
    const dir = await tempFolder();
    const offset = await SinkOffset.load(dir, 'siem', diskFiles);
    offset.next.set('acme', 7);
    await offset.save();
    const full = { ...diskFiles, replace: () => Promise.reject(new Error('ENOSPC')) };
    const later = await SinkOffset.load(dir, 'siem', full);
    later.next.set('acme', 9);
    await expect(later.save()).rejects.toThrow('ENOSPC');
    const file = path.join(dir, 'sinks', 'siem.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ acme: 7 });
    expect(await readdir(path.dirname(file))).toEqual(['siem.json']);
  });
});

describe('the signature of a webhook', () => {
  it('is HMAC-SHA256 of the time, a dot and the body, as RFC 2104 makes it', () => {
    expect(signWebhook('key', 'body', 1_000)).toBe(`t=1000,v1=${hmacByHand('key', '1000.body')}`);
  });

  it('is good for five minutes either way', () => {
    const signature = signWebhook('key', 'body', 1_000_000);
    const check = (nowMs: number) => verifyWebhook({ secret: 'key', body: 'body', signature, nowMs });
    expect([700_000, 1_000_000, 1_300_000].map(check)).toEqual([true, true, true]);
    expect([699_999, 1_300_001, NaN].map(check)).toEqual([false, false, false]);
  });
});

/** HMAC from its definition, over the hash alone. */
function hmacByHand(key: string, text: string): string {
  const block = Buffer.alloc(64);
  block.write(key);
  const pad = (byte: number) => Buffer.from(block.map((one) => one ^ byte));
  const inner = sha256(Buffer.concat([pad(0x36), Buffer.from(text)]));
  return sha256(Buffer.concat([pad(0x5c), inner])).toString('hex');
}
