import { readArgs, runProgram, UsageError, type Command, type Program } from '@holdfast/pipeline/cli';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const options = {
  file: { value: 'FILE', description: 'a file' },
  many: { value: 'X', multiple: true, description: 'several' },
  flag: { description: 'a flag' },
  help: { description: 'help' },
};
function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return String(error);
  }
  throw new Error('nothing was thrown');
}

const shape = { name: 'copy', args: 'A [B]', arity: [1, 2], options } as const;

describe('readArgs', () => {
  it('reads arguments and options in any order', () => {
    const args = readArgs(shape, ['--flag', 'a', '--file', 'x', 'b', '--many=1', '--many', '2']);
    expect(args.positionals).toEqual(['a', 'b']);
    expect([args.has('flag'), args.has('help')]).toEqual([true, false]);
    expect([args.value('file'), args.value('many'), args.value('nothing')]).toEqual(['x', '2', undefined]);
    expect(args.values('many')).toEqual(['1', '2']);
    expect(args.values('nothing')).toEqual([]);
  });

  it('takes what follows -- as it is', () => {
    expect(readArgs(shape, ['--', '--flag']).positionals).toEqual(['--flag']);
  });

  it('asks for no arguments when help is wanted', () => {
    expect(readArgs(shape, ['--help']).has('help')).toBe(true);
    expect(readArgs(shape, ['a', 'b', 'c', '--help']).has('help')).toBe(true);
  });

  const usages = 'the options of copy are --file FILE, --many X, --flag, --help';

  it.each([
    [[], 'copy takes A [B]; it was given 0'],
    [['a', 'b', 'c'], 'copy takes A [B]; it was given 3'],
    [['a', '--file', 'x', '--file', 'y'], '--file may be given once'],
    [['a', '--flag=yes'], usages],
    [['a', '--file'], usages],
    [['a', '-x'], usages],
    [['a', '--constructor'], usages],
  ])('refuses %j', (argv, message) => {
    expect(() => readArgs(shape, argv)).toThrow(new UsageError(message));
  });

  it('throws an error with a code', () => {
    expect(new UsageError('x')).toMatchObject({ name: 'UsageError', code: 'ERR_USAGE' });
  });

  it('says so when a command takes nothing', () => {
    expect(() => readArgs({ ...shape, args: '', arity: [0, 0] }, ['a'])).toThrow(
      'copy takes no arguments; it was given 1',
    );
  });

  it('repeats in no error what was given, which may be a secret in the wrong place', () => {
    const secret = fc.string({ minLength: 12 }).map((text) => `s3cret${text}`);
    const places = fc.constantFrom(
      (s: string) => [s],
      (s: string) => [`--${s}`],
      (s: string) => [`-${s}`],
    );
    fc.assert(
      fc.property(secret, places, (text, place) => {
        const argv = [...place(text), 'a', 'b', 'c'];
        expect(messageOf(() => readArgs(shape, argv))).not.toContain('s3cret');
      }),
    );
  });
});

interface Lines {
  line(text: string): void;
}

const copy: Command<Lines> = {
  ...shape,
  options: { flag: options.flag },
  summary: 'copies',
  about: 'Copies A to B.',
  examples: [['tool copy a b', 'copy a']],
  run: async ({ positionals }, terminal) => terminal.line(`copied ${positionals.join(' ')}`),
};

const fail: Command<Lines> = {
  ...copy,
  name: 'fail',
  summary: 'fails',
  run: async ({ has }) => {
    if (has('json')) throw new Error('broken');
    return 7;
  },
};

const program: Program<Lines> = {
  name: 'tool',
  summary: 'does things.',
  usage: 'COMMAND [arguments]',
  commands: [copy, fail],
  options: { json: { description: 'JSON' } },
  about: { Things: '  There are many.' },
  examples: [['tool copy a b', 'begin']],
  exitCodes: { 0: 'done', 7: 'not done' },
};

async function run(...argv: string[]): Promise<readonly [number, string]> {
  const line = vi.fn<Lines['line']>();
  const code = await runProgram(program, argv, { line });
  return [code, line.mock.calls.join('\n')];
}

describe('runProgram', () => {
  it('runs the command, and answers its exit code, 0 where that is nothing', async () => {
    expect(await run('copy', 'a', 'b')).toEqual([0, 'copied a b']);
    expect(await run('fail', 'a')).toEqual([7, '']);
  });

  it('hands on what a command throws', async () => {
    await expect(run('fail', 'a', '--json')).rejects.toThrow('broken');
  });

  it('says which commands there are', async () => {
    await expect(run('toString')).rejects.toThrow(
      new UsageError('there is no such command; there are copy, fail'),
    );
  });

  const whole = `tool: does things.

Usage
  tool COMMAND [arguments]
  tool COMMAND --help

Commands
  copy  copies
  fail  fails

Things
  There are many.

First steps
  # begin
  tool copy a b

Exit codes
  0  done
  7  not done`;

  it('explains itself when asked, and when nothing was said, which is a mistake', async () => {
    for (const ask of ['help', '--help', '-h']) expect(await run(ask)).toEqual([0, whole]);
    expect(await run('help', 'what')).toEqual([0, whole]);
    expect(await run()).toEqual([2, whole]);
  });

  const one = `tool copy A [B]
  copies

Copies A to B.

Options
  --flag  a flag
  --json  JSON
  --help  show this text

Examples
  # copy a
  tool copy a b

Exit codes
  0  done
  7  not done`;

  it('explains one command', async () => {
    expect(await run('help', 'copy')).toEqual([0, one]);
    expect(await run('copy', '--help')).toEqual([0, one]);
  });
});
