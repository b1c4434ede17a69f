/** Where a command line writes. */
export interface OutputStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** The exit code of what was done and could not be told. */
const UNTOLD = 3;

/**
 * Runs a command line on its streams. A reader that has seen enough, such as `head`, changes nothing: what was found out
 * stays the exit code. Output that cannot be written for another reason, such as a full disk, is said and exits with 3.
 *
 * @param run - runs it and answers the exit code; `unread` aborts with the error of the first write that failed, for what
 * does nothing but show
 * @returns the exit code
 *
 * @example
 * ```ts
 * import { runOn } from '@holdfast/pipeline/cli';
 *
 * process.exitCode = await runOn(process, async (unread) => {
 *   for (let n = 0; n < 1e6 && !unread.aborted; n++) process.stdout.write(`${n}\n`);
 *   return 0;
 * });
 * ```
 */
export async function runOn(
  { stdout, stderr }: OutputStreams,
  run: (unread: AbortSignal) => Promise<number>,
): Promise<number> {
  const unread = new AbortController();
  stdout.on('error', (error) => unread.abort(error));
  // There is nobody left to tell.
  stderr.on('error', () => {});
  const code = await run(unread.signal);
  // A write fails later than it was made.
  if (!unread.signal.aborted) await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  if (!unread.signal.aborted) return code;
  const error = unread.signal.reason as NodeJS.ErrnoException;
  if (error.code === 'EPIPE') return code;
  stderr.write(`the output could not be written: ${error.message}\n`);
  return UNTOLD;
}
