/** Who acts for the subject of a token, and who acted before (RFC 8693, section 4.1). */
export interface Actor {
  readonly sub: string;
  readonly iss?: string | undefined;
  readonly act?: Actor | undefined;
}

/** So many parties may act one for the other. */
export const MAX_ACTORS = 8;

/** Reads an `act` claim; nothing for what is none, or goes too deep. */
export function readActor(value: unknown, depth = 1): Actor | undefined {
  if (typeof value !== 'object' || value === null || depth > MAX_ACTORS) return undefined;
  const { sub, iss, act } = value as Record<string, unknown>;
  if (typeof sub !== 'string' || (iss !== undefined && typeof iss !== 'string')) return undefined;
  const earlier = act === undefined ? undefined : readActor(act, depth + 1);
  if (act !== undefined && earlier === undefined) return undefined;
  return { sub, ...(iss === undefined ? {} : { iss }), ...(earlier === undefined ? {} : { act: earlier }) };
}
