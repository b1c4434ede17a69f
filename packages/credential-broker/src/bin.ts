#!/usr/bin/env node
import { main } from './cli/main.ts';
import { Terminal } from './cli/terminal.ts';

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const { stdout, stderr, stdin } = process;
process.exitCode = await main(process.argv.slice(2), new Terminal({ stdout, stderr, stdin }));
// A terminal that was asked keeps the process waiting for more.
stdin.destroy();
