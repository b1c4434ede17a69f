import {
  BackendError,
  fileLeases,
  generateSealingKey,
  generateSigningKey,
  keyRing,
  Secret,
} from '@holdfast/credential-broker';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ANN, ask, STRANGER, WORKER } from './rig.ts';
import { CANARY } from './stub-backend.ts';

/** A text in the encodings in which it may get out. */
function spellings(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    bytes.toString('hex'),
    // Base64 of a part of a longer text depends on where it begins; the middle is the same.
    ...[0, 1, 2].flatMap((offset) => {
      const coded = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(4, -6);
      return [coded, coded.replaceAll('+', '-').replaceAll('/', '_')];
    }),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    [...bytes].join(),
    [...bytes].join(', '),
    text.slice(0, 16),
    [...text].reverse().join(''),
  ];
}

/** Everything that can be seen of some values. */
const shown = (...values: readonly unknown[]) =>
  values
    .map((value) => [
      inspect(value, {
        depth: 12,
        showHidden: true,
        getters: true,
        maxStringLength: null,
        maxArrayLength: null,
      }),
      JSON.stringify(value) ?? '',
      value instanceof Error ? `${value.stack}${String(value)}${inspect(value.cause)}` : '',
    ])
    .flat()
    .join('\n');

const found = (text: string, secret: string) =>
  spellings(secret).filter((one) => text.toLowerCase().includes(one.toLowerCase()));

describe('a secret', () => {
  it('is nowhere to be seen: not in grants, events, errors, the audit log, counts or files', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'leaks-'));
    const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
    const rig = aBroker(
      {},
      { leases: await fileLeases({ dir }), tokens: { keys, issuer: 'https://b.example' } },
    );
    const { broker, clock, db, events, log, vault } = rig;
    const seen: unknown[] = [];
    const note = async (promise: Promise<unknown>) => {
      seen.push(await promise.catch((error: unknown) => error));
    };
    const handles: string[] = [];
    for (const scheme of ['db', 'vault'] as const) {
      for (const mode of ['reference', 'injected', 'sealed', 'disclose'] as const) {
        const grant = await broker.issue(ask(scheme, { mode, reason: 'test', audience: 'x' }));
        if (grant.handle !== undefined) handles.push(grant.handle);
        // A grant is for the one who asked: its handle, and no more, is in it.
        const { handle: _, ...rest } = grant;
        seen.push(rest);
        await note(broker.introspect(grant.token ?? grant.handle ?? '', AGENT));
        await note(broker.redeem(grant.handle ?? '', STRANGER));
        await note(broker.redeem(grant.handle ?? '', AGENT));
        await note(broker.redeem(grant.handle ?? '', AGENT));
        await note(broker.renew(grant.leaseId, AGENT));
        await note(broker.revoke({ leaseId: grant.leaseId }, AGENT));
      }
    }
    for (const failing of [
      new Error(CANARY),
      new BackendError('denied', 'no'),
      new TypeError(`x ${CANARY} y`),
    ]) {
      for (const backend of [db, vault]) {
        backend.failing = undefined;
        const { handle = '' } = await broker.issue(ask(backend === db ? 'db' : 'vault'));
        handles.push(handle);
        backend.failing = failing;
        await note(broker.issue(ask('db')));
        await note(broker.redeem(handle, AGENT));
        await note(broker.withSecret(handle, AGENT, ({ password }) => password));
      }
    }
    db.failing = vault.failing = undefined;
    await note(
      broker.withSecret((await broker.issue(ask('vault'))).handle ?? '', AGENT, (credential) => credential),
    );
    await note(broker.approvals.approve('x', ANN));
    await note(broker.attenuate('hf_x', WORKER, {}));
    await clock.advance(400_000);
    seen.push(
      broker,
      broker.stats(),
      broker.snapshot(),
      broker.explain(ask('db')),
      events,
      log,
      rig.options.policy,
    );
    await broker.close();
    const files = await Promise.all(
      (await readdir(dir)).map((name) => readFile(path.join(dir, name), 'latin1')),
    );
    await rm(dir, { recursive: true });
    const text = `${shown(...seen)}\n${files.join('\n')}`;
    expect(text.length).toBeGreaterThan(10_000);
    expect(found(text, CANARY)).toEqual([]);
    // Handles are secrets too: they are given once, and kept nowhere.
    for (const handle of handles) expect(found(text, handle.slice(3))).toEqual([]);
  });

  it('would be found by this search, in every spelling', () => {
    for (const spelling of spellings(CANARY)) {
      expect(found(shown({ deep: [{ spelling }] }), CANARY)).not.toEqual([]);
    }
    expect(found(shown(new Error('x', { cause: new Error(CANARY) })), CANARY)).not.toEqual([]);
    expect(found(shown(Buffer.from(`..${CANARY}..`)), CANARY)).not.toEqual([]);
    expect(found(shown({ secret: new Secret(CANARY).reveal() }), CANARY)).not.toEqual([]);
    expect(found(shown({ secret: new Secret(CANARY) }), CANARY)).toEqual([]);
  });
});
