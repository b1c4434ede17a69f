/**
 * `npm start [-- NAME flags]`: makes the clone ready and runs one example; see `usage` below. Runs on any Node >= 20
 * before anything is installed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare, run } from './bootstrap.mjs';

const folder = fileURLToPath(new URL('../examples', import.meta.url));
const defaultExample = 'quickstart';

const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'src', 'main.ts')))
  : [];

const usage = `Usage: npm start [-- [NAME] [flags]]

Installs what is missing and runs one example; flags go to the example (npm start -- NAME --help).

Examples (without NAME: ${defaultExample}):
${names.map((name) => `  ${name.padEnd(24)}${description(name)}`).join('\n')}`;

function description(name) {
  try {
    return JSON.parse(readFileSync(path.join(folder, name, 'package.json'), 'utf8')).description ?? '';
  } catch {
    return '';
  }
}

const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && !first.startsWith('-');
const name = named ? first : defaultExample;
const flags = named || first === undefined ? rest : [first, ...rest];

if (first === '--help' || first === '-h') {
  console.log(usage);
} else if (!names.includes(name)) {
  console.error(`There is no example '${name}'.\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    await prepare();
    await run(path.join('examples', name, 'src', 'main.ts'), flags);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
