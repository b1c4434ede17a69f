export { readArgs, type Command, type CommandArgs, type CommandOption } from './cli/command.ts';
export { runProgram, type Program } from './cli/program.ts';
export { runOn, type OutputStreams } from './cli/run-on.ts';
export { UsageError } from './cli/usage-error.ts';
