import { usageOf, type Command } from './command.ts';
import type { Program } from './program.ts';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

const examplesText = (examples: Command<never>['examples']): string =>
  examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}`).join('\n\n');

const exitText = ({ exitCodes }: Program<never>): string =>
  `Exit codes\n${columns(Object.entries(exitCodes))}`;

/** What there is to know about one command. */
export function commandHelp<T>(
  program: Program<T>,
  { name, args, summary, options, about, examples }: Command<T>,
): string {
  const described = Object.entries(options).map(
    (option) => [usageOf(option), option[1].description] as const,
  );
  return [
    `${program.name} ${name} ${args}\n  ${summary}`,
    about,
    `Options\n${columns(described)}`,
    `Examples\n${examplesText(examples)}`,
    exitText(program),
  ].join('\n\n');
}

/** What there is to know about all of them. */
export function programHelp<T>(program: Program<T>): string {
  const { name, summary, usage, commands, about, examples } = program;
  return [
    `${name}: ${summary}`,
    `Usage\n  ${name} ${usage}\n  ${name} COMMAND --help`,
    `Commands\n${columns(commands.map((command) => [command.name, command.summary] as const))}`,
    ...Object.entries(about).map(([heading, text]) => `${heading}\n${text}`),
    `First steps\n${examplesText(examples)}`,
    exitText(program),
  ].join('\n\n');
}
