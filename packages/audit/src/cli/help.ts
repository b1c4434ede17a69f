import { COMMON_OPTIONS, type Command } from './command.ts';

const PROGRAM = 'holdfast-audit';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function examplesText(examples: Command['examples']): string {
  return examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}`).join('\n\n');
}

const EXIT_TEXT = columns([
  ['0', 'done, and everything holds'],
  ['1', 'something does not hold: a log, a proof'],
  ['2', 'the command line makes no sense'],
  ['3', 'it could not be done: a file, a server, a log that is open elsewhere'],
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
    `${PROGRAM}: looks after audit logs that anyone can verify.`,
    `Usage\n  ${PROGRAM} COMMAND [arguments] [options]\n  ${PROGRAM} COMMAND --help`,
    `Commands\n${columns(commands.map(({ name, summary }) => [name, summary] as const))}`,
    'Keys\n' +
      '  A log signs with a private key, which only the service has. Everybody else needs its verifier key, one line\n' +
      '  of text: keep a copy where the people who run the log cannot change it. Private keys are read from files that\n' +
      '  nobody else may read (mode 0600), never from the command line.',
    `First steps\n${examplesText([
      [
        `${PROGRAM} keygen audit.example/prod --out audit.key`,
        'make keys for a log: audit.key and audit.key.pub',
      ],
      [`${PROGRAM} verify /var/lib/audit --key audit.key.pub`, 'verify everything that the log holds'],
    ])}`,
    `Exit codes\n${EXIT_TEXT}`,
  ].join('\n\n');
}
