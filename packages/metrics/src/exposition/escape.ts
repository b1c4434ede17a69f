const SPECIAL = /[\\\n"]/g;
const REPLACEMENTS: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };

/** Escapes a label value; OpenMetrics escapes help texts the same way. */
export function escapeLabelValue(value: string): string {
  return value.replace(SPECIAL, (found) => REPLACEMENTS[found] as string);
}

/** Escapes a help text in the Prometheus text format, where a quote is a plain character. */
export function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (found) => REPLACEMENTS[found] as string);
}

/**
 * Writes labels, in braces where there are any. A label without a value is the same as no label, and left out. One
 * `join` makes one flat string, where `+` would keep a tree of pieces for as long as the series lives.
 */
export function labelText(labels: Readonly<Record<string, string | number>>): string {
  const pieces: string[] = [];
  for (const [name, value] of Object.entries(labels)) {
    if (value !== '')
      pieces.push(pieces.length === 0 ? '{' : ',', name, '="', escapeLabelValue(String(value)), '"');
  }
  if (pieces.length > 0) pieces.push('}');
  return pieces.join('');
}
