import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

// Runs in a package's folder: its entries are the sources that its exports name, and those of its commands.
const { exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const libraries = Object.values(exports).flatMap((target) => target['@holdfast/source'] ?? []);
const commands = Object.values(bin).map((file) => file.replace('./dist/', './src/').replace(/\.js$/, '.ts'));

export default defineConfig({
  entry: [...libraries, ...commands],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  external: [/^node:/],
  dts: { entry: libraries },
  sourcemap: true,
  clean: true,
  // Dependencies stay imports; code that two entries share goes to one chunk.
  splitting: true,
  treeshake: false,
});
