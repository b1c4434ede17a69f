import { describe, expect, it } from 'vitest';
import { cosigner, generateSigner, parsePolicy, trustLog, verifyLog, witnessVkeyOf } from '@holdfast/audit';
import { addPartials, buildLog, numbered } from '../log-fixture.ts';

const SIZES = [0, 1, 2, 255, 256, 257, 512, 600, 66_000];

describe('verifyLog, of a log as it was written', () => {
  it.each(SIZES)('finds nothing in a log of %i entries, and reads them all', async (size) => {
    const log = await buildLog({ entries: numbered(size) });
    const report = await verifyLog({ source: log.source, policy: trustLog(log.vkey) });
    expect(report).toMatchObject({ ok: true, findings: [], size, entriesRead: size, minimumIndex: 0 });
    expect(report.origin).toBe(log.origin);
  });

  it('takes entries of no bytes and of the most that there may be', async () => {
    const entries = [Buffer.alloc(0), Buffer.alloc(65_535, 7), Buffer.alloc(256), Buffer.alloc(0)];
    const log = await buildLog({ entries });
    expect((await verifyLog({ source: log.source, policy: trustLog(log.vkey) })).ok).toBe(true);
  });

  it('accepts every earlier checkpoint of the log', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const sizes = [0, 1, 2, 3, 100, 255, 256, 257, 511, 512, 513, 699, 700];
    const kept = await Promise.all(sizes.map((size) => log.checkpointAt(size)));
    const report = await verifyLog({ source: log.source, policy: trustLog(log.vkey), kept });
    expect(report.findings).toEqual([]);
  });

  it('reads the full tile where a partial one was removed as it filled up', async () => {
    const later = await buildLog({ entries: numbered(600) });
    await addPartials(later, 300);
    later.files.delete('tile/0/001.p/44');
    later.files.delete('tile/entries/001.p/44');
    later.files.set('checkpoint', Buffer.from(await later.checkpointAt(300)));
    const report = await verifyLog({ source: later.source, policy: trustLog(later.vkey) });
    expect(report).toMatchObject({ findings: [], size: 300, entriesRead: 300 });
  });

  it('tells how far it has come after each bundle', async () => {
    const log = await buildLog({ entries: numbered(600) });
    const seen: number[] = [];
    await verifyLog({
      source: log.source,
      policy: trustLog(log.vkey),
      onProgress: ({ entries }) => seen.push(entries),
    });
    expect(seen).toEqual([256, 512, 600]);
  });

  it('stops with the reason of its signal', async () => {
    const log = await buildLog({ entries: numbered(600) });
    const stop = new AbortController();
    const reason = new Error('enough');
    const running = verifyLog({
      source: log.source,
      policy: trustLog(log.vkey),
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  it('passes on what a source cannot read, and leaves no failure of a read ahead unhandled', async () => {
    const log = await buildLog({ entries: numbered(3_000) });
    const failure = new Error('EIO');
    const source = {
      read: (file: string) =>
        file.startsWith('tile/entries') ? Promise.reject(failure) : log.source.read(file),
    };
    await expect(verifyLog({ source, policy: trustLog(log.vkey) })).rejects.toBe(failure);
  });

  it('holds no more than the bundles that it reads ahead', async () => {
    const log = await buildLog({ entries: numbered(10_000) });
    let underWay = 0;
    let most = 0;
    const source = {
      read: async (file: string) => {
        if (file.startsWith('tile/entries')) most = Math.max(most, ++underWay);
        const bytes = await log.source.read(file);
        if (file.startsWith('tile/entries')) underWay--;
        return bytes;
      },
    };
    await verifyLog({ source, policy: trustLog(log.vkey), readAhead: 3 });
    expect(most).toBe(3);
  });

  it('refuses options that are none', async () => {
    const log = await buildLog({ entries: numbered(1) });
    const wrong = { source: log.source, policy: trustLog(log.vkey), maxFindings: 0 };
    await expect(verifyLog(wrong)).rejects.toThrow('verifyLog: maxFindings must be an integer >= 1, got 0');
    await expect(verifyLog({ ...wrong, maxFindings: 1, kept: [1] as never })).rejects.toThrow(
      'array of texts',
    );
  });
});

describe('verifyLog, of signatures', () => {
  it('finds a checkpoint that is missing', async () => {
    const log = await buildLog();
    log.files.delete('checkpoint');
    const { ok, findings } = await verifyLog({ source: log.source, policy: trustLog(log.vkey) });
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ kind: 'file-missing', file: 'checkpoint' }]);
  });

  it('finds a checkpoint that another key signed', async () => {
    const log = await buildLog();
    const stranger = await buildLog();
    const { findings } = await verifyLog({ source: stranger.source, policy: trustLog(log.vkey) });
    expect(findings).toMatchObject([{ kind: 'checkpoint-invalid' }]);
  });

  it('finds a log where another one should be', async () => {
    const log = await buildLog({ origin: 'audit.example/prod/globex' });
    const origin = 'audit.example/prod/acme';
    const { findings } = await verifyLog({ source: log.source, policy: trustLog(log.vkey), origin });
    expect(findings).toMatchObject([{ kind: 'wrong-log' }]);
    expect(findings[0]?.message).toContain('audit.example/prod/globex');
  });

  it('finds a kept checkpoint that is of another log', async () => {
    const signer = generateSigner();
    const acme = await buildLog({ origin: 'audit.example/acme', signer });
    const globex = await buildLog({ origin: 'audit.example/globex', signer });
    const policy = {
      ...trustLog(acme.vkey),
      logs: [...trustLog(acme.vkey).logs, ...trustLog(globex.vkey).logs],
    };
    const { findings } = await verifyLog({
      source: acme.source,
      policy,
      kept: [await globex.checkpointAt(3)],
    });
    expect(findings).toMatchObject([{ kind: 'wrong-log' }]);
  });

  it('finds a kept checkpoint with a false signature', async () => {
    const log = await buildLog();
    const kept = (await log.checkpointAt(3)).replace('\n3\n', '\n4\n');
    const { findings } = await verifyLog({ source: log.source, policy: trustLog(log.vkey), kept: [kept] });
    expect(findings).toMatchObject([{ kind: 'checkpoint-invalid' }]);
    expect(findings[0]?.message).toContain('the kept checkpoint');
  });
});

describe('verifyLog, of witnesses', () => {
  const witness = generateSigner();
  const cosign = cosigner('witness.example/w1', witness);

  async function witnessedLog() {
    const log = await buildLog({ entries: numbered(600) });
    const w1 = witnessVkeyOf('witness.example/w1', witness);
    const policy = parsePolicy(`log ${log.vkey}\nwitness w1 ${w1}\nquorum w1\n`);
    return { log, policy };
  }

  it('tells up to where the witnesses of the policy vouch for the log', async () => {
    const { log, policy } = await witnessedLog();
    log.files.set('checkpoint.witnessed', Buffer.from(await log.checkpointAt(400, [cosign])));
    const report = await verifyLog({ source: log.source, policy });
    expect(report).toMatchObject({ ok: true, size: 600, witnessedSize: 400, cosigned: [{ name: 'w1' }] });
  });

  it('takes a cosigned checkpoint as good as a separate file', async () => {
    const { log, policy } = await witnessedLog();
    log.files.set('checkpoint', Buffer.from(await log.checkpointAt(600, [cosign])));
    expect(await verifyLog({ source: log.source, policy })).toMatchObject({ ok: true, witnessedSize: 600 });
  });

  it('finds a log that no witness vouches for', async () => {
    const { log, policy } = await witnessedLog();
    const { findings } = await verifyLog({ source: log.source, policy });
    expect(findings).toMatchObject([{ kind: 'not-witnessed' }]);
  });

  it('finds a log that a witness vouched for with another history', async () => {
    const { log, policy } = await witnessedLog();
    const before = await buildLog({ ...log, entries: numbered(600, 'before') });
    log.files.set('checkpoint.witnessed', Buffer.from(await before.checkpointAt(400, [cosign])));
    const { findings } = await verifyLog({ source: log.source, policy });
    expect(findings).toMatchObject([{ kind: 'forked', entries: 400 }]);
  });

  it('finds a log that was cut below what a witness vouched for', async () => {
    const { log, policy } = await witnessedLog();
    log.files.set('checkpoint.witnessed', Buffer.from(await log.checkpointAt(600, [cosign])));
    await addPartials(log, 500);
    log.files.set('checkpoint', Buffer.from(await log.checkpointAt(500)));
    const { findings } = await verifyLog({ source: log.source, policy });
    expect(findings).toMatchObject([{ kind: 'rolled-back', index: 500, entries: 100 }]);
  });

  it('finds a cosignature that is false', async () => {
    const { log, policy } = await witnessedLog();
    const cosigned = await log.checkpointAt(400, [cosigner('witness.example/w1', witness)]);
    const other = await log.checkpointAt(401);
    const text = other.slice(0, other.indexOf('\n\n'));
    const forged = `${text}\n\n${other.split('\n').at(-2)}\n${cosigned.split('\n').at(-2)}\n`;
    log.files.set('checkpoint.witnessed', Buffer.from(forged));
    const { findings } = await verifyLog({ source: log.source, policy });
    expect(findings.map(({ kind }) => kind)).toContain('checkpoint-invalid');
  });
});
