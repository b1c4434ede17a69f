import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ParsedSample } from './parse-text.ts';

/** Any instant: what is stored needs one, and what is scraped has none. */
const AT_SECONDS = 1_700_000_000;

/** Reads OpenMetrics without exemplars through the parser and the storage of Prometheus. */
export function readByPromtool(text: string): readonly ParsedSample[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-promtool-'));
  try {
    const input = path.join(folder, 'input.txt');
    const database = path.join(folder, 'data');
    mkdirSync(path.join(database, 'wal'), { recursive: true });
    writeFileSync(input, text.split('\n').map(stamped).join('\n'));
    promtool('tsdb', 'create-blocks-from', 'openmetrics', input, database);
    return promtool('tsdb', 'dump', database)
      .split('\n')
      .filter((line) => line !== '')
      .map(parseDumped);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function stamped(line: string): string {
  return line === '' || line.startsWith('#') ? line : `${line} ${AT_SECONDS}`;
}

function promtool(...parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', parameters, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const LABEL = /(\w+)=("(?:[^"\\]|\\.)*")/g;

function parseDumped(line: string): ParsedSample {
  const end = line.lastIndexOf('}');
  const pairs = [...line.slice(0, end).matchAll(LABEL)].map(([, name = '', quoted = '']) => {
    return [name, unquoted(quoted)] as const;
  });
  const { __name__: name = '', ...labels } = Object.fromEntries(pairs);
  const [value = ''] = line.slice(end + 2).split(' ');
  return { name, labels, value: value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value) };
}

const SPECIAL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads a text as Go quotes it. */
function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
      (_, x?: string, u?: string, long?: string, char?: string) => {
        const code = x ?? u ?? long;
        return code === undefined
          ? (SPECIAL[char ?? ''] ?? char ?? '')
          : String.fromCodePoint(Number.parseInt(code, 16));
      },
    );
}
