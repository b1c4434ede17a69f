import type { AuditEngine } from '../log/engine.ts';
import { firstKept } from './first-kept.ts';

const MARKER = Buffer.from('"detailsDigest":');

/** The digests of the bodies that the entries of a log name, of all tenants: equal details have one body. */
export async function namedBodies(
  engine: Pick<AuditEngine, 'tenants' | 'size' | 'source' | 'entries'>,
): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for (const tenant of engine.tenants()) {
    const size = engine.size(tenant);
    for await (const { leaf } of engine.entries(tenant, await firstKept(engine.source(tenant), size), size)) {
      const digest = digestIn(Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length));
      if (digest !== undefined) named.add(digest);
    }
  }
  return named;
}

function digestIn(leaf: Buffer): string | undefined {
  if (!leaf.includes(MARKER)) return undefined;
  try {
    const { detailsDigest } = JSON.parse(leaf.toString()) as {
      readonly detailsDigest?: { readonly sha256?: unknown } | null;
    };
    return typeof detailsDigest?.sha256 === 'string' ? detailsDigest.sha256 : undefined;
  } catch {
    return undefined; // an entry that is no event
  }
}
