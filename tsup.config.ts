import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

// Runs in a package's folder: its entries are the sources that its exports name.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const entry = Object.values(exports).flatMap((target) => target['@holdfast/source'] ?? []);

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
  // Dependencies stay imports; code that two entries share goes to one chunk.
  splitting: true,
  treeshake: false,
});
