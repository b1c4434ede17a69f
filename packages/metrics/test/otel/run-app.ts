import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Runs a file of this folder in a process of its own, and returns what it printed; its environment says nothing of telemetry. */
export async function runApp(file: string, env: Readonly<Record<string, string>>, ...flags: string[]) {
  const clean = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OTEL_') && name !== 'NODE_OPTIONS',
  );
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@holdfast/source', ...flags, path.join(import.meta.dirname, file)],
    { env: { ...Object.fromEntries(clean), ...env }, cwd: import.meta.dirname, timeout: 60_000 },
  );
  return { stdout, stderr };
}
