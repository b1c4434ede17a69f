import type { Call } from '@holdfast/pipeline';

/** A running call whose duration matters; takes the place of its permit. */
export class PacedCall {
  readonly permit: number;
  startedAtMs: number;
  private readonly call: Pick<Call, 'respondedAtMs'> | undefined;
  previous: PacedCall | undefined = undefined;
  next: PacedCall | undefined = undefined;
  /** Whether it was told apart already, while it was running. */
  known = false;

  constructor(permit: number, startedAtMs: number, call: Pick<Call, 'respondedAtMs'> | undefined) {
    this.permit = permit;
    this.startedAtMs = startedAtMs;
    this.call = call;
  }

  /** How long it took, or has taken so far; a stream takes until its first item. */
  elapsedMs(nowMs: number): number {
    return (this.call?.respondedAtMs ?? nowMs) - this.startedAtMs;
  }
}

/** From when on a call is slow. */
export interface PaceRule {
  readonly slowMs: number;
  /** Makes the stopwatches of one circuit. */
  start(): Pace;
}

/** The running calls in the order of their start, so that those that have become slow are found without a timer. */
export class Pace {
  /** From how many milliseconds on a call is slow, as of now. */
  slowMs: number;
  private oldest: PacedCall | undefined;
  private newest: PacedCall | undefined;

  constructor(slowMs: number) {
    this.slowMs = slowMs;
  }

  start(permit: number, nowMs: number, call: Pick<Call, 'respondedAtMs'> | undefined): PacedCall {
    const paced = new PacedCall(permit, nowMs, call);
    paced.previous = this.newest;
    if (this.newest === undefined) this.oldest = paced;
    else this.newest.next = paced;
    this.newest = paced;
    return paced;
  }

  /** Takes a settled call out and answers whether it was slow, or nothing when that is known already. */
  finish(paced: PacedCall, nowMs: number): boolean | undefined {
    if (paced.known) return undefined;
    this.remove(paced);
    return this.isSlow(paced.elapsedMs(nowMs));
  }

  /** Judges how long a call took, or has taken so far where that is too long already. Called once a call. */
  isSlow(durationMs: number): boolean {
    return durationMs >= this.slowMs;
  }

  /** Tells of the calls whose pace has become known while they run. */
  notice(nowMs: number, listener: { pace(permit: number, slow: boolean): void }): void {
    for (let call = this.oldest; call !== undefined; call = this.oldest) {
      // When the clock has jumped behind its start, it starts anew, so as not to hide those behind it.
      call.startedAtMs = Math.min(call.startedAtMs, nowMs);
      if (nowMs - call.startedAtMs < this.slowMs) return;
      this.remove(call);
      call.known = true;
      listener.pace(call.permit, this.isSlow(call.elapsedMs(nowMs)));
    }
  }

  private remove(paced: PacedCall): void {
    const { previous, next } = paced;
    if (previous === undefined) this.oldest = next;
    else previous.next = next;
    if (next === undefined) this.newest = previous;
    else next.previous = previous;
    paced.previous = paced.next = undefined;
  }
}

export function slowerThan(slowMs: number): PaceRule {
  return { slowMs, start: () => new Pace(slowMs) };
}
