import type { Table } from './table.ts';

/** A table in Markdown. */
export function markdownTable({ titles, numeric, rows }: Table): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(titles), row(numeric.map((right) => (right ? '--:' : ':--'))), ...rows.map(row)].join('\n');
}
