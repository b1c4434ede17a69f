import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  generateSigner,
  parsePolicy,
  quorumMet,
  vkeyOf,
  witnessVkeyOf,
  WitnessPolicyError,
  type Quorum,
} from '@holdfast/audit';

const logKey = (name = 'audit.example/prod') => vkeyOf(name, generateSigner());
const witnessKey = (name = 'witness.example') => witnessVkeyOf(name, generateSigner());

/** The line and the words of the error that a file makes. */
function wrong(file: string | Uint8Array): string {
  try {
    parsePolicy(file);
  } catch (error) {
    if (error instanceof WitnessPolicyError) return `${error.line}: ${error.message}`;
    throw error;
  }
  return 'nothing wrong';
}

describe('parsePolicy', () => {
  it('reads logs, witnesses, nested groups and the quorum', () => {
    const log = logKey();
    const keys = Array.from({ length: 6 }, (_, i) => witnessKey(`w${i}.example`));
    const policy = parsePolicy(
      [
        '# who watches',
        `log ${log}   https://audit.example/logs/prod`,
        '',
        `witness X1 ${keys[0]} https://x1.example/`,
        `\twitness X2 ${keys[1]}`,
        `witness X3 ${keys[2]}`,
        'group X 2 X1 X2 X3',
        `witness Y1 ${keys[3]}`,
        `witness Y2 ${keys[4]}`,
        'group Y any Y1 Y2',
        '  # both',
        'group both all X Y',
        'quorum both',
        '',
      ].join('\n'),
    );
    expect(policy.logs).toMatchObject([{ vkey: log, url: 'https://audit.example/logs/prod' }]);
    expect(policy.witnesses.map(({ name }) => name)).toEqual(['X1', 'X2', 'X3', 'Y1', 'Y2']);
    expect(policy.witnesses[0]).toMatchObject({
      url: 'https://x1.example/',
      verifier: { name: 'w0.example' },
    });
    expect(policy.quorum).toMatchObject({ kind: 'group', name: 'both', threshold: 2 });
  });

  it('reads a file without logs, without witnesses and without a last newline', () => {
    expect(parsePolicy('quorum none')).toEqual({ logs: [], witnesses: [], quorum: { kind: 'none' } });
  });

  it('takes names for UTF-8, and for opaque bytes where they are compared', () => {
    const file = `witness K ${witnessKey('one')}\nwitness \u212a ${witnessKey('two')}\nquorum \u212a\n`;
    expect(parsePolicy(Buffer.from(file)).quorum).toEqual({ kind: 'witness', name: '\u212a' });
  });

  const signer = generateSigner();
  it.each([
    ['', '1: line 1 of the policy: the file ends without a quorum line'],
    ['quorum none\nquorum none\n', '2: line 2 of the policy: there is a quorum line already'],
    ['quorum nobody\n', '1: line 1 of the policy: "nobody" is not defined on a line before'],
    ['quorum\n', '1: line 1 of the policy: must be: quorum <name>'],
    ['quorum a b\n', '1: line 1 of the policy: must be: quorum <name>'],
    ['\nlogs x\n', '2: line 2 of the policy: "logs" is none of log, witness, group and quorum'],
    ['log\n', '1: line 1 of the policy: must be: log <vkey> [<url>]'],
    ['log a b c\n', '1: line 1 of the policy: must be: log <vkey> [<url>]'],
    ['log nonsense\n', '1: line 1 of the policy: this is no verifier key'],
    [`log ${witnessKey()}\n`, 'the key is not that of a log: its signature type is for witnesses'],
    [`witness w ${logKey()}\n`, 'the key is not that of a witness: its signature type is for logs'],
    ['witness w\n', '1: line 1 of the policy: must be: witness <name> <vkey> [<url>]'],
    [`witness none ${witnessKey()}\n`, '1: line 1 of the policy: the name none is taken'],
    [
      `witness w ${witnessKey()}\nwitness w ${witnessKey()}\n`,
      '2: line 2 of the policy: "w" is defined already',
    ],
    [
      `log ${vkeyOf('one', signer)}\nlog ${vkeyOf('two', signer)}\n`,
      '2: line 2 of the policy: there is a log with this key already',
    ],
    [
      `witness a ${witnessVkeyOf('one', signer)}\nwitness b ${witnessVkeyOf('two', signer)}\n`,
      '2: line 2 of the policy: there is a witness with this key already',
    ],
    ['group g any\n', '1: line 1 of the policy: must be: group <name> all|any|<number> <name>...'],
    ['group g any w\n', '1: line 1 of the policy: "w" is not defined on a line before'],
    [
      `witness w ${witnessKey()}\ngroup g 2 w\n`,
      '2: line 2 of the policy: "2" must be all, any or a number from 1 to 1',
    ],
    [`witness w ${witnessKey()}\ngroup g 0 w\n`, '"0" must be all, any or a number from 1 to 1'],
    [`witness w ${witnessKey()}\ngroup g 01 w\n`, '"01" must be all, any or a number from 1 to 1'],
    [`witness w ${witnessKey()}\ngroup g any none\n`, '"none" is not defined on a line before'],
    [`witness w ${witnessKey()}\ngroup g any w w\n`, '"w" is a member of a group already'],
    [
      `witness w ${witnessKey()}\ngroup g any w\ngroup h any w\nquorum g\n`,
      '3: line 3 of the policy: "w" is a member of a group already',
    ],
    ['quorum none\r\n', '1: line 1 of the policy: control characters are not allowed'],
    ['# \u0000\nquorum none\n', '1: line 1 of the policy: control characters are not allowed'],
    ['# \u007f\nquorum none\n', '1: line 1 of the policy: control characters are not allowed'],
  ])('says what is wrong with %j', (file, message) => {
    expect(wrong(file)).toContain(message);
  });

  it('keeps the cause where a key is malformed', () => {
    expect(() => parsePolicy('log a+b+c\nquorum none\n')).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ERR_AUDIT_NOTE' }) as unknown }),
    );
  });

  it('never fails with anything but its own error', () => {
    const words = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '1',
      'w',
      witnessKey(),
      logKey(),
      '#',
      '\t',
      '\r',
    );
    const line = fc.array(words, { maxLength: 6 }).map((items) => items.join(' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        expect(wrong(lines.join('\n'))).toMatch(/^nothing wrong$|^\d+: line \d+ of the policy: /);
      }),
    );
  });
});

describe('quorumMet', () => {
  const none: Quorum = { kind: 'none' };
  const w = (name: string): Quorum => ({ kind: 'witness', name });
  const two = (...members: Quorum[]): Quorum => ({ kind: 'group', name: 'g', threshold: 2, members });

  it.each([
    [none, [], true],
    [w('a'), [], false],
    [w('a'), ['b'], false],
    [w('a'), ['a'], true],
    [two(w('a'), w('b'), w('c')), ['a'], false],
    [two(w('a'), w('b'), w('c')), ['a', 'c'], true],
    [two(w('a'), two(w('b'), w('c'))), ['a', 'b'], false],
    [two(w('a'), two(w('b'), w('c'))), ['a', 'b', 'c'], true],
  ])('of %j by %j is %j', (quorum, names, met) => {
    expect(quorumMet(quorum, new Set(names))).toBe(met);
  });

  it('never falls when one more witness cosigns', () => {
    const names = ['a', 'b', 'c', 'd'];
    const { quorum } = fc.letrec<{ quorum: Quorum }>((tie) => ({
      quorum: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...names).map(w),
        fc
          .array(tie('quorum'), { minLength: 1, maxLength: 4 })
          .chain((members) =>
            fc
              .integer({ min: 1, max: members.length })
              .map((threshold): Quorum => ({ kind: 'group', name: 'g', threshold, members })),
          ),
      ),
    }));
    fc.assert(
      fc.property(quorum, fc.subarray(names), fc.constantFrom(...names), (rule, some, more) => {
        if (quorumMet(rule, new Set(some))) expect(quorumMet(rule, new Set([...some, more]))).toBe(true);
        expect(quorumMet(rule, new Set(names))).toBe(true);
        expect(quorumMet(rule, new Set())).toBe(false);
      }),
    );
  });
});
