import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.ts';
import { spellings } from './spellings.ts';

/** Passes pieces through a stream of a redactor; one result for each piece, and one for the end. */
async function passed(redactor: Redactor, pieces: readonly Uint8Array[]): Promise<string[]> {
  const stream = redactor.stream();
  const out: string[] = [];
  const reader = stream.readable.getReader();
  const writer = stream.writable.getWriter();
  let current: Buffer[] = [];
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read())
      current.push(Buffer.from(next.value));
  })();
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    out.push(Buffer.concat(current).toString('latin1'));
    current = [];
  };
  for (const piece of pieces) {
    await writer.write(piece);
    await settle();
  }
  await writer.close();
  await reading;
  await settle();
  return out;
}

/** Cuts bytes at some positions. */
function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(at.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...cuts, bytes.length].map((end, index) => bytes.slice(index === 0 ? 0 : cuts[index - 1], end));
}

const text = (value: string) => Buffer.from(value);

/** Few letters, so that parts of secrets are met everywhere. */
const letters = fc.constantFrom('a', 'b', '%', '\\', 'u', '6', '1', '2', '0', '"', '+', ' ');
const secretsOf = fc.array(fc.string({ unit: letters, minLength: 4, maxLength: 9 }), {
  minLength: 1,
  maxLength: 4,
});
const cutsOf = fc.array(fc.nat(400), { maxLength: 12 });

describe('a redacting stream', () => {
  it('gives the same whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        secretsOf,
        fc.array(fc.oneof(fc.string({ unit: letters, maxLength: 12 }), fc.nat(60)), { maxLength: 12 }),
        cutsOf,
        async (secrets, parts, cuts) => {
          const redactor = createRedactor({ minLength: 4 });
          for (const secret of secrets) redactor.register(secret);
          const spelled = secrets.flatMap((secret) => [...spellings(secret).values()]);
          const all = parts.map((part) =>
            typeof part === 'number' ? (spelled[part % spelled.length] as string) : part,
          );
          const bytes = text(all.join(''));
          const whole = Buffer.from(redactor.cleanBytes(bytes)).toString('latin1');
          expect((await passed(redactor, cut(bytes, cuts))).join('')).toBe(whole);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never lets a secret through, in any spelling and any pieces', async () => {
    const secret = 'p4ss"w/rd+ä';
    const redactor = createRedactor();
    redactor.register(secret);
    const spelled = [...spellings(secret).values()];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string(), fc.nat(spelled.length - 1)), { minLength: 1, maxLength: 5 }),
        cutsOf,
        async (parts, cuts) => {
          const bytes = text(parts.map(([before, which]) => before + (spelled[which] as string)).join('|'));
          const out = Buffer.from((await passed(redactor, cut(bytes, cuts))).join(''), 'latin1').toString();
          for (const one of spelled) expect(out).not.toContain(one);
          expect(out).toContain('[redacted]');
        },
      ),
    );
  });

  it.each(['correct horse', 'p4ss"w/rd', 'pä\u0800😀\n%41\\"'])(
    'finds a secret that comes byte by byte: %j',
    async (secret) => {
      const redactor = createRedactor();
      redactor.register(secret);
      for (const spelled of spellings(secret).values()) {
        const bytes = text(`<${spelled}>`);
        const out = await passed(redactor, cut(bytes, [...bytes.keys()]));
        // Of base64, the digit that depends on what follows may stay.
        expect(out.join('')).toMatch(/^<\[redacted\]\w?>$/);
      }
    },
  );

  it('keeps nothing back that cannot be a secret', async () => {
    const redactor = createRedactor();
    redactor.register('correct horse');
    const out = await passed(redactor, [
      text('data: one\n\n'),
      text('data: co'),
      text('rr'),
      text('ode\n\n'),
      text('x%6'),
      text('1 '),
    ]);
    expect(out).toEqual(['data: one\n\n', 'data: ', '', 'corrode\n\n', 'x', '%61 ', '']);
  });

  it('keeps back no more than a secret can be long', async () => {
    const redactor = createRedactor();
    redactor.register('aaaaaaaaab');
    const pieces = Array.from({ length: 50 }, () => text('a'.repeat(1_000)));
    let kept = 0;
    for (const piece of (await passed(redactor, pieces)).slice(0, -1)) {
      kept += 1_000 - piece.length;
      expect(kept).toBeLessThan(10);
    }
  });

  it('keeps back no more where lines that may go on do not end', async () => {
    const redactor = createRedactor();
    redactor.register('correct horse');
    const out = await passed(redactor, [text('corr\n'), text(' '.repeat(100)), text('ect')]);
    expect(out).toEqual(['', `corr\n${' '.repeat(100)}`, 'ect', '']);
  });

  it('cuts out a run of secrets without an end, and keeps none of it', async () => {
    const redactor = createRedactor();
    redactor.register('aaaaaaaa');
    const pieces = Array.from({ length: 20 }, () => text('a'.repeat(1_000)));
    expect((await passed(redactor, [...pieces, text('b')])).join('')).toBe('[redacted]b');
  });

  it('ends with what it kept back', async () => {
    const redactor = createRedactor();
    redactor.register('correct horse');
    expect(await passed(redactor, [text('a correct hors')])).toEqual(['a ', 'correct hors']);
    expect(await passed(redactor, [text('100%'), text('')])).toEqual(['100', '', '%']);
    expect(await passed(redactor, [])).toEqual(['']);
  });

  it('does not touch the pieces that it is given', async () => {
    const redactor = createRedactor();
    redactor.register('correct horse');
    const piece = text('a correct hor');
    const stream = redactor.stream();
    const writer = stream.writable.getWriter();
    const out = new Response(stream.readable).text();
    await writer.write(piece);
    piece.fill(0);
    await writer.write(text('se'));
    await writer.close();
    expect((await out).endsWith('[redacted]')).toBe(true);
  });
});
