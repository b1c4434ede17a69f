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

/** The labels of a series as others give them. */
export type GivenLabels = Readonly<Record<string, string | number>>;

/** Writes what stands between a name and a number: labels in braces, where there are any, and a space. */
export function labelText(labels: GivenLabels): string {
  const pieces = pairs(labels);
  return pieces.length === 0 ? ' ' : ['{', ...pieces, '} '].join('');
}

/** Writes labels to which another one is added: a brace, and each label with the comma that follows it. */
export function openLabelText(labels: GivenLabels): string {
  const pieces = pairs(labels);
  return pieces.length === 0 ? '{' : ['{', ...pieces, ','].join('');
}

/**
 * A label without a value is the same as no label, and left out. These are joined to make one flat string, where `+`
 * would keep a tree of pieces for as long as the series lives.
 */
function pairs(labels: GivenLabels): string[] {
  const pieces: string[] = [];
  for (const [name, value] of Object.entries(labels)) {
    if (value !== '')
      pieces.push(pieces.length === 0 ? '' : ',', name, '="', escapeLabelValue(String(value)), '"');
  }
  return pieces;
}
