import type { CommandArgs } from '@holdfast/pipeline/cli';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Terminal } from '../../src/cli/terminal.ts';
import { askNewKey } from '../../src/cli/vault-access.ts';

const args: CommandArgs = { positionals: [], has: () => false, value: () => undefined, values: () => [] };

/** Every way to cut a text into pieces. */
const cuts = (text: string): readonly (readonly string[])[] =>
  Array.from({ length: 2 ** (text.length - 1) }, (_, mask) =>
    [...text]
      .map((one, at) => (mask & (1 << at) ? `${one}|` : one))
      .join('')
      .split('|'),
  );

async function outcome(pieces: readonly string[]): Promise<string> {
  async function* piped() {
    for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
  }
  const quiet = new PassThrough();
  try {
    const key = await askNewKey(args, new Terminal({ stdout: quiet, stderr: quiet, stdin: piped() }));
    return 'passphrase' in key ? Buffer.from(key.passphrase.bytes()).toString() : 'a key';
  } catch (error) {
    return (error as Error).message;
  }
}

it.each([
  ['ab', 'ab'],
  ['ab\n', 'ab'],
  ['ab\r\n', 'ab'],
  ['ab\n\n', 'ab'],
  ['ab\nab', 'ab'],
  ['a\r\na\r\n', 'a'],
  ['ab\nac\n', 'the two are not the same'],
  ['ab\na', 'the two are not the same'],
  ['a\na\na\n', 'the two are not the same'],
  ['\n', 'the passphrase must not be empty'],
])('a new passphrase from the pipe %j is %j, however it arrives', async (text, expected) => {
  for (const pieces of cuts(text)) expect([pieces, await outcome(pieces)]).toEqual([pieces, expected]);
});
