/** A sample as a scraper reads it. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: # .*)?$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/gsy;
const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

function parseLabels(text: string): Record<string, string> {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([all]) => all).join('') !== text) throw new Error(`bad labels: ${text}`);
  const entries = found.map(([, name = '', value = '']) => [
    name,
    value.replace(/\\(.)/gs, (_, char: string) => UNESCAPED[char] ?? '?'),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function parseNumber(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** Reads the samples of an exposition; a line that is neither a comment nor a sample is an error. */
export function parseText(text: string): readonly ParsedSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`bad line: ${line}`);
    return { name, labels: parseLabels(labels), value: parseNumber(value) };
  });
}
