import type { CheckStats } from '../check-report.ts';
import type { HealthReport } from '../health-report.ts';

/** Writes reports in one form. */
export interface HealthFormat {
  /** The media types that it answers for, without parameters, the preferred one first. */
  readonly mediaTypes: readonly string[];
  /** Whether it shows figures that change with every request; it is then written anew each time. Default `false`. */
  readonly live?: boolean;
  /**
   * Writes a report. For those who may not see details it comes without checks, alerts, figures and statistics.
   *
   * @param stats - what the checks of the health have counted
   */
  render(report: HealthReport, stats: readonly CheckStats[]): string;
}

/** An instant on the wire (RFC 3339). */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
