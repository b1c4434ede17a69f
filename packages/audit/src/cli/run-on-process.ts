import { systemClock } from '@holdfast/pipeline';
import { runOn } from '@holdfast/pipeline/cli';
import { main } from './main.ts';
import { Terminal } from './terminal.ts';

/** Runs the command line that this process was started with, and sets its exit code. */
export async function runOnProcess(): Promise<void> {
  // The first Ctrl-C ends what is under way in order; who presses it again means it.
  const interrupt = new AbortController();
  const onInterrupt = () => {
    process.off('SIGINT', onInterrupt);
    interrupt.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);

  const { stdout, stderr, stdin } = process;
  const parts = { stdout, stderr, stdin, clock: systemClock, signal: interrupt.signal };
  process.exitCode = await runOn(process, (unread) =>
    main(process.argv.slice(2), new Terminal({ ...parts, unread })),
  );
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onInterrupt);
}
