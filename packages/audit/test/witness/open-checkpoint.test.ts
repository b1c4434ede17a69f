import { describe, expect, it } from 'vitest';
import {
  cosigner,
  formatCheckpoint,
  generateSigner,
  NoteError,
  noteSigner,
  openCheckpoint,
  parsePolicy,
  signNote,
  trustLog,
  verifierFrom,
  vkeyOf,
  witnessVkeyOf,
} from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';

const signer = generateSigner();
const note = (origin: string, ...cosigners: Parameters<typeof signNote>[1]) =>
  signNote(formatCheckpoint({ origin, size: 7, root: Buffer.alloc(32, 1) }), [
    noteSigner(origin, signer),
    ...cosigners,
  ]);

describe('openCheckpoint', () => {
  it('opens the checkpoint of a log that is trusted', async () => {
    const opened = openCheckpoint(await note('audit.example'), trustLog(vkeyOf('audit.example', signer)));
    expect(opened).toMatchObject({ origin: 'audit.example', size: 7, cosigned: [], witnessed: true });
  });

  it('lets the key of a log speak for the trees of its tenants, and for no neighbour', async () => {
    const policy = trustLog(vkeyOf('audit.example/prod', signer));
    expect(openCheckpoint(await note('audit.example/prod/acme'), policy).origin).toBe(
      'audit.example/prod/acme',
    );
    for (const origin of ['audit.example/production', 'audit.example', 'audit.example/test/acme']) {
      const stranger = await note(origin);
      expect(() => openCheckpoint(stranger, policy)).toThrow('no known key');
    }
  });

  it('takes an origin that cannot name a key for that of a stranger', async () => {
    const policy = trustLog(vkeyOf('audit.example', signer));
    const checkpoint = await note('audit.example/acme');
    const spaced = checkpoint.replace('audit.example/acme\n', 'audit.example/a b\n');
    expect(() => openCheckpoint(spaced, policy)).toThrow('no known key');
    expect(() => openCheckpoint(spaced, policy)).toThrow(NoteError);
  });

  it('refuses a note that only a witness signed', async () => {
    const witness = generateSigner();
    const policy = parsePolicy(
      `log ${vkeyOf('audit.example', signer)}\nwitness w ${witnessVkeyOf('w.example', witness)}\nquorum w\n`,
    );
    const text = formatCheckpoint({ origin: 'audit.example', size: 7, root: Buffer.alloc(32, 1) });
    const unsigned = await signNote(text, [cosigner('w.example', witness)]);
    expect(() => openCheckpoint(unsigned, policy)).toThrow(
      'no known key of audit.example signed the checkpoint',
    );
  });

  it('tells the witnesses that cosigned and when, and ignores strangers', async () => {
    const clock = manualClock();
    const [one, two, stranger] = [generateSigner(), generateSigner(), generateSigner()];
    const policy = parsePolicy(
      `log ${vkeyOf('audit.example', signer)}\nwitness first ${witnessVkeyOf('w1.example', one)}\n` +
        `witness second ${witnessVkeyOf('w2.example', two)}\ngroup both all first second\nquorum both\n`,
    );
    const w1 = cosigner('w1.example', one, clock);
    const outsider = cosigner('w1.example', stranger, clock);
    const half = openCheckpoint(await note('audit.example', w1, outsider), policy);
    const atMs = Math.floor(clock.wallNow() / 1000) * 1000;
    expect(half).toMatchObject({ witnessed: false, cosigned: [{ name: 'first', atMs }] });
    const whole = openCheckpoint(await note('audit.example', w1, cosigner('w2.example', two, clock)), policy);
    expect(whole.witnessed).toBe(true);
  });

  it('does not count one witness twice', async () => {
    const one = generateSigner();
    const policy = parsePolicy(
      `log ${vkeyOf('audit.example', signer)}\nwitness a ${witnessVkeyOf('w1.example', one)}\n` +
        `witness b ${witnessVkeyOf('w2.example', generateSigner())}\ngroup both all a b\nquorum both\n`,
    );
    const w1 = cosigner('w1.example', one);
    expect(openCheckpoint(await note('audit.example', w1, w1), policy).witnessed).toBe(false);
  });
});

describe('cosigner', () => {
  it('makes signatures that its verifier key accepts and that state the instant', async () => {
    const clock = manualClock();
    const witness = generateSigner();
    const verifier = verifierFrom(witnessVkeyOf('w.example', witness));
    const signature = await cosigner('w.example', witness, clock).sign(Buffer.from('text\n'));
    expect(verifier.cosigner).toBe(true);
    expect(verifier.verify(Buffer.from('text\n'), signature)).toBe(true);
    expect(verifier.verify(Buffer.from('other\n'), signature)).toBe(false);
    expect(verifier.signedAtMs(signature)).toBe(Math.floor(clock.wallNow() / 1000) * 1000);
    const later = Buffer.from(signature);
    later.writeUInt8((later[7] ?? 0) ^ 1, 7);
    expect(verifier.verify(Buffer.from('text\n'), later)).toBe(false);
  });

  it('refuses names with spaces or plus signs', () => {
    expect(() => cosigner('a b', generateSigner())).toThrow('cosigner: name must be a text without spaces');
    expect(() => witnessVkeyOf('a+b', generateSigner())).toThrow('witnessVkeyOf: name must be');
  });
});
