import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { figuresSuite, type FiguresCase, type Found } from '../harness/figures-suite.ts';

/** Code whose bundle is weighed. */
interface Bundle extends FiguresCase {
  readonly code: string;
  /** Packages that are not weighed with it. */
  readonly without?: readonly string[];
}

const GZIP = 'min+gzip, B';
const STRATEGIES = ['pipeline', 'circuit-breaker', 'retry', 'timeout'];

const everything = STRATEGIES.map((name) => `export * from '@holdfast/${name}';`).join('\n');
const three = `export { pipeline } from '@holdfast/pipeline';
export { circuitBreaker } from '@holdfast/circuit-breaker';
export { retry } from '@holdfast/retry';
export { timeout } from '@holdfast/timeout';`;

const BUNDLES: readonly Bundle[] = [
  ours('breaker', `export { circuitBreaker } from '@holdfast/circuit-breaker';`, 3 * 1024),
  ours('retry', `export { retry } from '@holdfast/retry';`),
  ours('timeout', `export { timeout } from '@holdfast/timeout';`),
  ours('pipeline of breaker, retry and timeout', three),
  { ...ours('everything, without p-retry', everything, 12 * 1024), without: ['p-retry'] },
  peer('cockatiel', 'breaker', 'circuitBreaker, handleAll, ConsecutiveBreaker'),
  peer('cockatiel', 'retry', 'retry, handleAll, ExponentialBackoff'),
  peer('cockatiel', 'timeout', 'timeout, TimeoutStrategy'),
  peer(
    'cockatiel',
    'pipeline of breaker, retry and timeout',
    'wrap, circuitBreaker, retry, timeout, handleAll, ConsecutiveBreaker, ExponentialBackoff, TimeoutStrategy',
  ),
  { name: 'everything', subject: 'cockatiel', code: `export * from 'cockatiel';` },
  peer('opossum', 'breaker', 'default'),
  peer('p-retry', 'retry', 'default'),
];

const about = `Bytes that an application pays for what it imports, with all dependencies: bundled with esbuild for Node,
minified, and gzipped. opossum does not bundle for browsers, since it imports \`node:events\`.`;

export const size = figuresSuite('size', about, BUNDLES, weigh);

async function weigh({ code, without = [] }: Bundle): Promise<Found> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    external: [...without],
    conditions: ['@holdfast/source'],
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { figures: { 'min, B': bytes.length, [GZIP]: gzipSync(bytes, { level: 9 }).length } };
}

function ours(name: string, code: string, limitBytes?: number): Bundle {
  return {
    name,
    subject: 'holdfast',
    code,
    ...(limitBytes === undefined ? {} : { target: { atMost: { [GZIP]: limitBytes } } }),
  };
}

function peer(subject: string, name: string, imports: string): Bundle {
  return { name, subject, code: `export { ${imports} } from '${subject}';` };
}
