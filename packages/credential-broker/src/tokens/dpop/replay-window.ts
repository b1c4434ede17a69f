/** Remembers proofs for as long as they are good, so that each is accepted once. */
export interface ReplayWindow {
  /**
   * Notes a proof.
   *
   * @param thumbprint - the key that made it
   * @param proofId - its `jti`, unique among those of the key
   * @param untilMs - until when it is good, in milliseconds since the Unix epoch
   * @param isBound - whether a token is bound to the key; others are a stranger's, who can make as many as they like
   * @returns whether it was new; `false` as well when there is no room to remember it
   */
  firstUse(
    thumbprint: string,
    proofId: string,
    untilMs: number,
    isBound: boolean,
  ): boolean | PromiseLike<boolean>;
}

/** The proofs of one stretch of time, by key. */
class Generation {
  readonly proofs = new Map<string, Set<string>>();
  bound = 0;
  strange = 0;

  add(thumbprint: string, proofId: string, group: 'bound' | 'strange'): void {
    const ofKey = this.proofs.get(thumbprint) ?? new Set();
    this.proofs.set(thumbprint, ofKey.add(proofId));
    this[group]++;
  }

  of(thumbprint: string): ReadonlySet<string> | undefined {
    return this.proofs.get(thumbprint);
  }
}

/**
 * A window in memory. Two generations, each as long as a proof can be good: what was noted in either is known, and
 * the older is dropped whole, so that nothing has to be looked through. A key that has used up its share is refused
 * without harm to others. Where there is no room in all, every proof is refused rather than one forgotten: strangers
 * can do that to one another, and not to those whose key a token is bound to.
 */
export class MemoryReplayWindow implements ReplayWindow {
  private readonly windowMs: number;
  private readonly nowMs: () => number;
  private readonly maxPerKey: number;
  private readonly maxProofs: number;
  private current = new Generation();
  private previous = new Generation();
  private turnsAtMs = 0;

  /**
   * @param windowMs - the longest that a proof can be good
   * @param nowMs - must never run backwards
   */
  constructor(windowMs: number, nowMs: () => number, maxPerKey: number, maxProofs: number) {
    this.windowMs = windowMs;
    this.nowMs = nowMs;
    this.maxPerKey = maxPerKey;
    this.maxProofs = maxProofs;
  }

  firstUse(thumbprint: string, proofId: string, _untilMs: number, isBound: boolean): boolean {
    this.turn();
    const [current, previous] = [this.current.of(thumbprint), this.previous.of(thumbprint)];
    if (current?.has(proofId) || previous?.has(proofId)) return false;
    if ((current?.size ?? 0) + (previous?.size ?? 0) >= this.maxPerKey) return false;
    const group = isBound ? 'bound' : 'strange';
    if (this.current[group] + this.previous[group] >= this.maxProofs) return false;
    this.current.add(thumbprint, proofId, group);
    return true;
  }

  private turn(): void {
    const nowMs = this.nowMs();
    if (nowMs < this.turnsAtMs) return;
    this.previous = nowMs < this.turnsAtMs + this.windowMs ? this.current : new Generation();
    this.current = new Generation();
    this.turnsAtMs = nowMs + this.windowMs;
  }
}
