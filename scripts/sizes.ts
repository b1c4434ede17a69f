/** How many bytes an application pays for what it imports: bundled for browsers, minified, gzipped. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from './packages.ts';

/** What is measured, against which limit. */
export interface SizeCase {
  readonly name: string;
  readonly code: string;
  /** More than this fails the check. */
  readonly limitBytes: number;
  /** What we would like; see docs/decisions/0005-bundle-size.md. */
  readonly goalBytes: number;
}

/** What a case weighs. */
export interface Size extends SizeCase {
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
}

const portable = ['pipeline', 'circuit-breaker', 'retry', 'timeout'];

/** The limits of the published packages; p-retry is not counted as ours. */
export const SIZE_CASES: readonly SizeCase[] = [
  {
    name: 'circuitBreaker with the default rule',
    code: "export { circuitBreaker } from '@holdfast/circuit-breaker';",
    limitBytes: 9.9 * 1024,
    goalBytes: 3 * 1024,
  },
  {
    name: `everything of ${portable.join(', ')}`,
    code: portable.map((name) => `export * from '@holdfast/${name}';`).join('\n'),
    limitBytes: 22 * 1024,
    goalBytes: 12 * 1024,
  },
];

/**
 * Bundles a piece of code and weighs it; throws where it does not bundle for browsers.
 *
 * @param conditions - `['@holdfast/source']` to weigh the sources instead of what is built
 */
export async function measureSize(code: string, conditions: readonly string[] = []) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: ['p-retry'],
    conditions: [...conditions],
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minifiedBytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length };
}

/** Weighs every case. */
export async function measureSizes(conditions: readonly string[] = []): Promise<readonly Size[]> {
  return Promise.all(
    SIZE_CASES.map(async (each) => ({ ...each, ...(await measureSize(each.code, conditions)) })),
  );
}

if (import.meta.main) {
  for (const { name, gzipBytes, minifiedBytes, limitBytes, goalBytes } of await measureSizes()) {
    const verdict =
      gzipBytes <= goalBytes ? 'ok' : gzipBytes <= limitBytes ? 'ok, over the goal' : 'TOO LARGE';
    const bytes = `${gzipBytes} B gzip (${minifiedBytes} B minified), limit ${limitBytes}, goal ${goalBytes}`;
    console.log(`${verdict}  ${name}: ${bytes}`);
    if (gzipBytes > limitBytes) process.exitCode = 1;
  }
}
