import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { guardBackend, Secret, type Backend } from '@holdfast/credential-broker';
import {
  environment,
  fileVault,
  onePasswordConnect,
  sshCertificates,
} from '@holdfast/credential-broker/backends';
import { Vault } from '../../src/backends/vault/vault.ts';
import { never, requestFor } from './backend-request.ts';
import { scriptedServer } from './scripted-server.ts';
import { CHEAP, tempFolder, writeVault } from './vault/vault-rig.ts';

const CANARY = 'Kanarienvogel+4711/äöü?x=%20';

/** The canary as it would look in any of the usual encodings. */
const SPELLINGS = [
  CANARY,
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
  ...(['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) =>
    Buffer.from(CANARY).toString(encoding),
  ),
  // In the middle of a text that is encoded as a whole, only the inner part keeps its shape.
  ...[0, 1, 2].map((shift) =>
    Buffer.from(CANARY)
      .subarray(shift, shift + 18)
      .toString('base64'),
  ),
];

const leaksIn = (text: string) => SPELLINGS.filter((spelling) => text.includes(spelling));

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // What holds circles, such as a breaker.
    return String(error);
  }
}

function everythingOf(value: unknown): string {
  const parts = [inspect(value, { depth: 12, showHidden: true, getters: true }), jsonOf(value)];
  if (value instanceof Error) parts.push(value.message, String(value.stack), inspect(value.cause));
  return parts.join('\n');
}

/** Everything that becomes visible when a backend is used well and badly. */
async function seenOf(backend: Backend, paths: readonly string[]): Promise<string> {
  const guard = guardBackend(backend, { maxAttempts: 1, maxStaleMs: 1_000 });
  const seen: unknown[] = [backend, guard];
  for (const target of paths) {
    const request = requestFor(target, { parameters: { publicKey: 'none' } });
    for (const each of [backend, guard]) {
      seen.push(await each.inspect(request, never()).catch((error: unknown) => error));
      seen.push(await each.issue(request, never()).catch((error: unknown) => error));
      seen.push(await each.health(never()).catch((error: unknown) => error));
    }
  }
  return [...seen, guard, guard.stats()].map(everythingOf).join('\n');
}

describe('no backend shows a secret', () => {
  it('by the scanner, which finds one in any spelling', () => {
    for (const shown of [
      new Error(`wrong: ${CANARY}`),
      new Error('wrong', { cause: { headers: [`Bearer ${CANARY}`] } }),
      { deep: { er: Buffer.from(CANARY).toString('hex') } },
      new Map([['a', encodeURIComponent(CANARY)]]),
      Buffer.from(`x${CANARY}`).toString('base64').slice(2),
    ]) {
      expect(leaksIn(everythingOf(shown))).not.toEqual([]);
    }
    expect(leaksIn(everythingOf(new Secret(CANARY)))).toEqual([]);
    expect(leaksIn(new Secret(CANARY).reveal())).not.toEqual([]);
  });

  it('of 1Password Connect', async () => {
    const [vault, item] = ['v'.repeat(26), 'i'.repeat(26)];
    const fields = [{ id: 'password', type: 'CONCEALED', purpose: 'PASSWORD', value: CANARY }];
    const answers = [
      JSON.stringify({ fields }),
      JSON.stringify({ fields }).slice(0, -3),
      JSON.stringify([CANARY]),
      JSON.stringify({ fields: CANARY }),
      CANARY.repeat(1_000),
    ];
    let turn = 0;
    const { url } = await scriptedServer((_, response) => {
      response.writeHead([200, 200, 200, 200, 200, 400, 401, 403, 404, 429, 500][turn % 11] ?? 200);
      response.end(answers[turn++ % answers.length]);
    });
    const token = new Secret(Buffer.from(CANARY).toString('hex'));
    const backend = onePasswordConnect({ url, token, maxAnswerBytes: 8_000 });
    const paths = Array.from(
      { length: 12 },
      (_, i) => `${vault}/${item}/${i % 2 === 0 ? 'password' : 'nothing'}`,
    );
    expect(leaksIn(await seenOf(backend, [...paths, `${vault}/${item}`, 'prod/x']))).toEqual([]);
  });

  it('of a vault', async () => {
    const file = path.join(tempFolder(), 'secrets.vault');
    const passphrase = new Secret(CANARY);
    const vault = await Vault.create({ passphrase }, CHEAP);
    await writeVault(file, vault.with('a', { value: new Secret(CANARY) }));
    const paths = ['a', 'a#value', 'a#none', 'none'];
    expect(leaksIn(await seenOf(fileVault({ file, passphrase }), paths))).toEqual([]);
    expect(leaksIn(await seenOf(fileVault({ file, passphrase: new Secret(`${CANARY}!`) }), ['a']))).toEqual(
      [],
    );
  });

  it('of the environment', async () => {
    const heard: string[] = [];
    const onWarning = (warning: string) => heard.push(warning);
    for (const name of ['development', 'production'] as const) {
      // A proxy keeps the variables themselves, which are the caller's, out of what is looked at.
      const env = new Proxy(
        {},
        { get: (_, variable) => (/^(DEV_|PROD_)?X$/.test(String(variable)) ? CANARY : undefined) },
      );
      const backend = environment({ env, name, onWarning });
      expect(leaksIn(await seenOf(backend, ['X', 'Y', 'x']))).toEqual([]);
    }
    expect(heard).not.toEqual([]);
    expect(leaksIn(heard.join())).toEqual([]);
  });

  it('of an authority', async () => {
    const backend = sshCertificates({ caKey: new Secret(CANARY), principals: ['deploy'] });
    expect(leaksIn(await seenOf(backend, ['deploy', 'root']))).toEqual([]);
  });
});
