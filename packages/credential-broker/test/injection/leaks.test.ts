import { Secret } from '@holdfast/credential-broker';
import { createEgress } from '@holdfast/credential-broker/egress';
import { InjectionError } from '@holdfast/credential-broker/injection';
import { manualClock } from '@holdfast/pipeline/testing';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AGENT } from '../broker/rig.ts';
import { spellings } from '../redaction/spellings.ts';
import { anInjector } from './rig.ts';

/** With characters that every encoding spells in its own way. */
const SECRET = 'p@ss w/"ör\\d"+?=&%41';

/** An upstream that is given the secret in its query, and does what it likes with it. */
async function upstream(listener: RequestListener, responseHeaders: readonly string[] = []) {
  const rig = await anInjector({
    listener,
    rule: { inject: [{ into: 'query', name: 'key', template: '{password}' }], responseHeaders },
  });
  const issue = rig.db.issue.bind(rig.db);
  rig.db.issue = async (...args) => ({
    ...(await issue(...args)),
    credential: { password: new Secret(SECRET) },
  });
  return rig;
}

/** The spellings of the secret that a text has. */
const found = (text: string) =>
  [...spellings(SECRET)].filter(([, spelled]) => text.includes(spelled)).map(([name]) => name);

describe('an answer', () => {
  it.each([...spellings(SECRET)])(
    'does not hold the secret as %s, however it comes in pieces',
    async (name, spelled) => {
      const bytes = Buffer.from(`before ${spelled} after`);
      for (const size of [1, 7, bytes.length]) {
        const { fetch, seen } = await upstream((_, response) => {
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_piece, at) =>
            bytes.subarray(at * size, (at + 1) * size),
          );
          Readable.from(pieces).pipe(response);
        });
        const text = await (await fetch('/v1/echo/')).text();
        expect(text).toMatch(/^before .*after$/);
        expect(found(text)).toEqual([]);
        // The scanner sees it where nobody took it out, and the upstream really had it.
        expect(found(bytes.toString())).toContain(name);
        expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.get('key')).toBe(SECRET);
      }
    },
  );

  it('does not hold the secret in its header fields or its status', async () => {
    const { fetch } = await upstream(
      (request, response) => {
        const raw = Buffer.from(SECRET).toString('latin1');
        response.writeHead(302, raw, {
          location: `/next${request.url}`,
          link: `<${request.url}>`,
          etag: `"${Buffer.from(SECRET).toString('base64')}"`,
          'set-cookie': [`a=${encodeURIComponent(SECRET)}`, `b=${Buffer.from(SECRET).toString('hex')}`],
          'x-raw': raw,
          'x-hidden': raw,
        });
        response.end();
      },
      ['set-cookie', 'x-raw'],
    );
    const answer = await fetch('/v1/echo/');
    expect(answer.headers.get('location')).toBe('/next/v1/echo/?key=[redacted]');
    expect(answer.headers.getSetCookie()).toEqual(['a=[redacted]', 'b=[redacted]']);
    expect(answer.headers.get('x-raw')).toBe('[redacted]');
    expect(answer.headers.has('x-hidden')).toBe(false);
    expect(found(inspect(answer, { depth: 9 }))).toEqual([]);
  });

  it('does not hold the user and password of basic authentication in base64', async () => {
    const { fetch } = await anInjector({
      listener: (request, response) => response.end(`you said ${request.headers.authorization}.`),
      rule: { inject: [{ into: 'basic' }] },
    });
    expect(await (await fetch('/v1/echo/')).text()).toBe('you said Basic [redacted].');
  });

  it('is not handed on in a charset in which the secret could not be seen', async () => {
    const answerAs = async (type: string) => {
      const { fetch } = await upstream((_, response) =>
        response.writeHead(200, { 'content-type': type }).end(Buffer.from(SECRET, 'utf16le')),
      );
      return fetch('/v1/echo/').then(
        () => 'handed on',
        (error: unknown) => (error instanceof InjectionError ? error.reason : error),
      );
    };
    for (const charset of ['utf-16', 'UTF-16LE', '"utf-32"', 'utf-7', 'ibm037', 'utf-8; charset=utf-16'])
      expect(await answerAs(`text/plain; charset=${charset}`), charset).toBe('response');
    for (const charset of ['UTF-8', '"utf-8"', 'us-ascii', 'iso-8859-15', 'windows-1252'])
      expect(await answerAs(`text/plain;charset=${charset}; a=b`), charset).toBe('handed on');
  });

  it.each(['utf16le', 'utf16be'] as const)(
    'does not hold the secret in %s where nothing says that it is in that charset',
    async (charset) => {
      const spelled = (text: string) => {
        const bytes = Buffer.from(text, 'utf16le');
        return charset === 'utf16le' ? bytes : bytes.swap16();
      };
      for (const size of [1, 5, 512]) {
        const bytes = spelled(`before ${SECRET} after`);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const { fetch } = await upstream((_, response) => void Readable.from(pieces).pipe(response));
        const answer = Buffer.from(await (await fetch('/v1/echo/')).arrayBuffer());
        expect(answer.toString('latin1').replaceAll('\0', '')).toBe('before [redacted] after');
      }
    },
  );

  it.each(['canary-blank-1 ', ' canary-blank-1', '\tcanary-blank-1\r\n', '\u00a0canary-blank-1'])(
    'does not hold a secret %j without the blanks at its ends, which many cut off',
    async (secret) => {
      const rig = await anInjector({
        listener: (request, response) => {
          const { searchParams } = new URL(request.url ?? '', 'http://x');
          const said = `${searchParams.get('key')?.trim()} ${String(request.headers['x-key'])}`;
          response.end(`${said} ${Buffer.from(said).toString('base64')}`);
        },
        rule: {
          inject: [
            { into: 'query', name: 'key', template: '{password}' },
            ...(/^[ -~]*$/.test(secret)
              ? [{ into: 'header', name: 'x-key', template: '{password}' } as const]
              : []),
          ],
        },
      });
      const issue = rig.db.issue.bind(rig.db);
      rig.db.issue = async (...args) => ({
        ...(await issue(...args)),
        credential: { password: new Secret(secret) },
      });
      const text = await (await rig.fetch('/v1/echo/')).text();
      expect(text).toMatch(/^\[redacted\] (\[redacted\]|undefined) /);
      expect(text).not.toMatch(/canary|Y2FuYXJ5/);
    },
  );

  it('is none where the secret is too short without its blanks', async () => {
    const rig = await upstream((_, response) => response.end());
    rig.db.issue = async () => ({ credential: { password: new Secret('abcd'.padEnd(12)) } });
    await expect(rig.fetch('/v1/echo/')).rejects.toThrow('too short or too long');
    expect(rig.seen).toEqual([]);
  });

  it('is free of the secret while it is read, and leaves nobody to know it afterwards', async () => {
    const { fetch, redactor } = await upstream((_, response) => response.end('x'));
    const answer = await fetch('/v1/echo/');
    expect(redactor.clean(SECRET)).toBe('[redacted]');
    await answer.text();
    expect(redactor.clean(SECRET)).toBe(SECRET);
    const unread = await fetch('/v1/echo/');
    await unread.body?.cancel();
    expect(redactor.clean(SECRET)).toBe(SECRET);
  });

  it('gives nothing out that came before its time was over and was not read yet', async () => {
    const clock = manualClock();
    // A body that came whole, and does not know that it was given up.
    const egress = { ...createEgress(), fetch: async () => new Response(`early ${SECRET} ${SECRET}`) };
    const { injector, handle, origin, redactor } = await anInjector({
      rule: { inject: [{ into: 'query', name: 'key', template: '{password}' }] },
      options: { egress, clock, timeoutMs: 1_000 },
    });
    const answer = await injector.fetch(await handle(), AGENT, { url: `${origin}/v1/echo/` });
    await new Promise(setImmediate);
    await clock.advance(1_000);
    expect(redactor.clean('canary-7f3a91c5e8-secret-1')).toContain('canary');
    await expect(answer.text()).rejects.toThrow('no whole answer within 1000 ms');
  });

  it('gives nothing out that came after it was given up', async () => {
    const given = new AbortController();
    const late = async () => {
      given.abort(new Error('enough'));
      return new Response(SECRET, { headers: { etag: encodeURIComponent(SECRET) } });
    };
    const { fetch } = await anInjector({
      rule: { inject: [{ into: 'query', name: 'key', template: '{password}' }] },
      options: { egress: { ...createEgress(), fetch: late } },
    });
    await expect(fetch('/v1/echo/', { signal: given.signal })).rejects.toThrow('enough');
  });
});
