import { clampLimit, type Bounds, type LimitEstimate } from './adaptive-limit.ts';
import { SampleWindow, type WindowSummary } from './sample-window.ts';

/** When limits look at what they gathered. */
export interface ProbeTimes {
  readonly windowMs: number;
  readonly probeEveryMs: number;
}

/** Answers the next estimate, from the time that a call takes without a queue and what a window shows. */
export type ControlLaw = (estimate: number, baseMs: number, window: WindowSummary) => number;

/** A window has to hold so many calls before it is worth a look; more where the base depends on it. */
const MIN_SAMPLES = 10;
const MIN_PROBE_SAMPLES = 30;

/** Half the calls at once, and calls that take that much less: there was a queue. */
const QUEUE_SHOWS_BELOW = 0.75;

/** How much of a new measurement counts: of a probe, and of a window that happened to be quick. */
const PROBE_WEIGHT = 0.5;
const WINDOW_WEIGHT = 0.1;

interface Probe {
  /** What a call took with twice as many at once. */
  beforeMs: number;
  /** Where to go on afterwards. */
  resumeAt: number;
}

/**
 * An estimate that knows what a call takes without a queue, because it lets half as many through for a moment, and half of
 * those if that shows that there was a queue. What a call takes when the limit is reached cannot tell: it would take its
 * own queue for the usual.
 */
export class ProbedEstimate implements LimitEstimate {
  private readonly bounds: Bounds;
  private readonly times: ProbeTimes;
  private readonly law: ControlLaw;
  private readonly window: SampleWindow;
  private estimate: number;
  private baseMs: number | undefined;
  private measuredAtMs = -Infinity;
  private probe: Probe | undefined;

  constructor(bounds: Bounds, times: ProbeTimes, law: ControlLaw) {
    this.bounds = bounds;
    this.times = times;
    this.law = law;
    this.window = new SampleWindow(times.windowMs);
    this.estimate = bounds.initialLimit;
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void {
    // Calls that began before the probe do not tell what it is to find out.
    if (this.probe !== undefined && inFlight > this.limit) return;
    const samples = this.probe === undefined ? MIN_SAMPLES : MIN_PROBE_SAMPLES;
    const summary = this.window.add(nowMs, durationMs, inFlight, overloaded, samples);
    if (summary === undefined) return;
    if (this.probe !== undefined) this.goOnProbing(this.probe, summary.averageMs, nowMs);
    else this.look(summary, nowMs);
  }

  private look(summary: WindowSummary, nowMs: number): void {
    const { averageMs, maxInFlight, overloaded } = summary;
    if (!overloaded && maxInFlight * 2 < this.limit) {
      // A limit that nobody reaches says nothing, and calls that nobody holds up tell the base.
      this.learn(averageMs, WINDOW_WEIGHT, nowMs);
    } else if (this.baseMs === undefined || this.isProbeDue(nowMs)) {
      this.probe = { beforeMs: averageMs, resumeAt: this.estimate };
      this.set(this.estimate / 2);
    } else {
      if (averageMs < this.baseMs) this.learn(averageMs, WINDOW_WEIGHT, this.measuredAtMs);
      this.set(this.law(this.estimate, this.baseMs, summary));
    }
  }

  private isProbeDue(nowMs: number): boolean {
    return nowMs < this.measuredAtMs || nowMs - this.measuredAtMs >= this.times.probeEveryMs;
  }

  private learn(baseMs: number, weight: number, nowMs: number): void {
    this.baseMs = this.baseMs === undefined ? baseMs : this.baseMs + (baseMs - this.baseMs) * weight;
    this.measuredAtMs = nowMs;
  }

  private goOnProbing(probe: Probe, averageMs: number, nowMs: number): void {
    const queued = averageMs < probe.beforeMs * QUEUE_SHOWS_BELOW;
    // Twice as many were too many.
    if (queued) probe.resumeAt = Math.min(probe.resumeAt, this.estimate * 2);
    if (queued && this.limit > this.bounds.minLimit) {
      probe.beforeMs = averageMs;
      this.set(this.estimate / 2);
      return;
    }
    this.learn(Math.min(averageMs, probe.beforeMs), PROBE_WEIGHT, nowMs);
    this.set(probe.resumeAt);
    this.probe = undefined;
  }

  private set(estimate: number): void {
    this.estimate = clampLimit(estimate, this.bounds);
  }
}
