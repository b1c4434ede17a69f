#!/usr/bin/env node
import { systemClock } from '@holdfast/pipeline';
import { main } from './cli/main.ts';
import { Terminal } from './cli/terminal.ts';

// The first Ctrl-C ends what is under way in order; who presses it again means it.
const interrupt = new AbortController();
const onInterrupt = () => {
  process.off('SIGINT', onInterrupt);
  interrupt.abort(new Error('interrupted'));
};
process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const { stdout, stderr, stdin } = process;
const terminal = new Terminal({ stdout, stderr, stdin, clock: systemClock, signal: interrupt.signal });
process.exitCode = await main(process.argv.slice(2), terminal);
process.off('SIGINT', onInterrupt);
process.off('SIGTERM', onInterrupt);
