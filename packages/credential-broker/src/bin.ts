#!/usr/bin/env node
import { runOn } from '@holdfast/pipeline/cli';
import { main } from './cli/main.ts';
import { Terminal } from './cli/terminal.ts';

process.exitCode = await runOn(process, () => main(process.argv.slice(2), new Terminal(process)));
// A terminal that was asked keeps the process waiting for more.
process.stdin.destroy();
