/** Events of one tenant that were not written. */
export interface Gap {
  readonly tenant: string;
  readonly dropped: number;
  /** When the first and the last of them were dropped, in milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many were dropped for which reason: the code of the error. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** What was dropped and is not in the log yet. */
export class GapLedger {
  private gaps = new Map<string, Gap>();
  /** How many events were dropped since the log was opened. */
  total = 0;

  get pending(): boolean {
    return this.gaps.size > 0;
  }

  count(tenant: string, error: unknown, nowMs: number): void {
    this.total++;
    this.add({ tenant, dropped: 1, fromMs: nowMs, toMs: nowMs, reasons: { [codeOf(error)]: 1 } });
  }

  /** Puts a gap to what is already known of the tenant. */
  add(gap: Gap): void {
    const known = this.gaps.get(gap.tenant);
    this.gaps.set(gap.tenant, known === undefined ? gap : merged(known, gap));
  }

  /** Takes everything out, to be written; what cannot be written is to be added again. */
  take(): readonly Gap[] {
    const taken = [...this.gaps.values()];
    this.gaps = new Map();
    return taken;
  }
}

function merged(one: Gap, other: Gap): Gap {
  const reasons: Record<string, number> = { ...one.reasons };
  for (const [reason, count] of Object.entries(other.reasons))
    reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    tenant: one.tenant,
    dropped: one.dropped + other.dropped,
    fromMs: Math.min(one.fromMs, other.fromMs),
    toMs: Math.max(one.toMs, other.toMs),
    reasons,
  };
}

/** The code of an error of this package; others are not told apart, since their codes may be anything. */
function codeOf(error: unknown): string {
  const code: unknown = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('ERR_AUDIT_') ? code : 'ERR_OTHER';
}
