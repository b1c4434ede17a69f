import { COMMON_OPTIONS, type Command } from './command.ts';

const PROGRAM = 'holdfast-vault';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

const examplesText = (examples: Command['examples']): string =>
  examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}`).join('\n\n');

const EXIT_TEXT = columns([
  ['0', 'done'],
  ['1', 'the vault does not open: another key, damaged, changed, or others may read it'],
  ['2', 'the command line makes no sense, or names what there is not'],
  ['3', 'it could not be done: a file, or somebody else is changing the vault'],
  ['130', 'interrupted'],
]);

/** What there is to know about one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([name, { value, description }]) =>
      [`--${name}${value === undefined ? '' : ` ${value}`}`, description] as const,
  );
  return [
    `${PROGRAM} ${command.name} ${command.args}\n  ${command.summary}`,
    command.about,
    `Options\n${columns(options)}`,
    `Examples\n${examplesText(command.examples)}`,
    `Exit codes\n${EXIT_TEXT}`,
  ].join('\n\n');
}

/** What there is to know about all of them. */
export function programHelp(commands: readonly Command[]): string {
  return [
    `${PROGRAM}: keeps credentials in one encrypted file.`,
    `Usage\n  ${PROGRAM} COMMAND VAULT [arguments] [options]\n  ${PROGRAM} COMMAND --help`,
    `Commands\n${columns(commands.map(({ name, summary }) => [name, summary] as const))}`,
    'Secrets\n' +
      '  No secret is ever an argument, where other users and the history of the shell would see it. They are typed,\n' +
      '  without being shown, or come through a pipe: each question takes a line, the last one all the rest. The\n' +
      '  passphrase can be in a file that nobody else may read (mode 0600).',
    `First steps\n${examplesText([
      [`${PROGRAM} init secrets.vault`, 'make an empty vault'],
      [`${PROGRAM} add secrets.vault prod/orders-db --field password`, 'put a password into it'],
      [`${PROGRAM} list secrets.vault`, 'see what is in it'],
    ])}`,
    `Exit codes\n${EXIT_TEXT}`,
  ].join('\n\n');
}
