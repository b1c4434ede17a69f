/** Looks at the licence of everything in package-lock.json: what is shipped, and what is only used to build. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './packages.ts';

const SHIPPED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

/** Tools may also carry these; nothing of them is shipped. */
const TOOLS = new Set([...SHIPPED, 'CC-BY-4.0', 'MPL-2.0', 'Python-2.0']);

interface LockedPackage {
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** What a lock says about licences. */
export interface LicenceReport {
  readonly refused: readonly string[];
  /** How many packages carry each licence, `dev` for those that are not shipped. */
  readonly counts: Readonly<Record<'shipped' | 'dev', Readonly<Record<string, number>>>>;
}

/** Judges every package of a lock by the list that applies to it. */
export function judgeLicences(packages: Readonly<Record<string, LockedPackage>>): LicenceReport {
  const refused: string[] = [];
  const counts = { shipped: {} as Record<string, number>, dev: {} as Record<string, number> };
  for (const [place, entry] of Object.entries(packages)) {
    if (!place.includes('node_modules/') || entry.link === true) continue;
    const licence = entry.license ?? 'none named';
    const kind = entry.dev === true || entry.devOptional === true ? 'dev' : 'shipped';
    counts[kind][licence] = (counts[kind][licence] ?? 0) + 1;
    if (!allows(kind === 'dev' ? TOOLS : SHIPPED, licence)) refused.push(`${place}: ${licence} (${kind})`);
  }
  return { refused, counts };
}

/** An SPDX expression of ORs needs one allowed licence, one of ANDs needs all. */
function allows(list: ReadonlySet<string>, expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => list.has(licence.trim())));
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const { refused, counts } = judgeLicences(lock.packages);
  for (const [kind, licences] of Object.entries(counts)) {
    const list = Object.entries(licences).sort(([, a], [, b]) => b - a);
    console.log(`${kind}: ${list.map(([licence, count]) => `${licence} ${count}`).join(', ')}`);
  }
  for (const each of refused) console.log(`not allowed: ${each}`);
  process.exitCode = refused.length > 0 ? 1 : 0;
}
