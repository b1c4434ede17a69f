/** Headers that concern one connection only (RFC 9110, section 7.6.1), and those that this proxy writes itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Leaves out the headers that must not be passed on: those of the connection, those that `Connection` names, and
 * others on request.
 *
 * @param raw - names and values in turn, as `rawHeaders` holds them, repetitions included
 * @param others - further names, in lower case
 */
export function endToEndHeaders(raw: readonly string[], others: readonly string[] = []): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...others]);
  for (const [name, value] of pairs(raw)) {
    if (name.toLowerCase() !== 'connection') continue;
    for (const option of value.split(',')) dropped.add(option.trim().toLowerCase());
  }
  return pairs(raw).flatMap(([name, value]) => (dropped.has(name.toLowerCase()) ? [] : [name, value]));
}

function pairs(raw: readonly string[]): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return found;
}
