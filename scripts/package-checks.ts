/** Packs every package as npm would publish it and lets publint and Are The Types Wrong judge the tarball. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type PublishedPackage, publishedPackages, root } from './packages.ts';

const run = promisify(execFile);
const tarballs = path.join(root, '.cache', 'tarballs');
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

async function pack(pkg: PublishedPackage): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', tarballs], {
    cwd: pkg.folder,
  });
  const [packed] = JSON.parse(stdout) as Packed[];
  if (packed === undefined) throw new Error(`npm packed nothing of ${pkg.name}`);
  return packed;
}

async function judge(pkg: PublishedPackage): Promise<string> {
  const { filename, size, files } = await pack(pkg);
  const tarball = path.join(tarballs, filename);
  await run(bin('publint'), [tarball, '--strict']);
  await run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-color']);
  return `${pkg.name}: ${files.length} files, ${(size / 1024).toFixed(1)} KB`;
}

if (import.meta.main) {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  for (const pkg of publishedPackages()) {
    try {
      console.log(await judge(pkg));
    } catch (error) {
      const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
      console.log(`${pkg.name}: ${message}\n${stdout}${stderr}`);
      process.exitCode = 1;
    }
  }
}
