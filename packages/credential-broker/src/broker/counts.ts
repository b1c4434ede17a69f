import type { BrokerSnapshot, BrokerStats } from './broker.ts';

type Counted = Exclude<keyof BrokerStats, 'active'>;

/** Protocols are counted under names of their own up to this many. */
const MAX_PROTOCOLS = 16;

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, one) => all + one, 0);
const add = (counts: Map<string, number>, name: string, by: number) =>
  counts.set(name, (counts.get(name) ?? 0) + by);

function inWords(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return `${parts[0]}h ${parts[1]}m ${parts[2]}s`;
}

/** What a broker has done since it was made. */
export class Counts {
  private readonly counted: Readonly<Record<Counted, Map<string, number>>> = {
    issued: new Map(),
    denied: new Map(),
    redeemed: new Map(),
    revoked: new Map(),
    expired: new Map(),
  };
  private active = new Map<string, number>();
  private readonly protocols = new Map<string, number>();
  private succeeded = 0;
  private failed = 0;
  private tookMs = 0;
  private ttlMs = 0;
  /** How often `activate` was told. */
  changes = 0;

  add(what: Counted, type: string): void {
    add(this.counted[what], type, 1);
  }

  /** Notes that a lease became active, or is so no longer. */
  activate(type: string, by: 1 | -1): void {
    this.changes++;
    add(this.active, type, by);
  }

  /** Takes over what the store says, which knows of the leases of others as well. */
  setActive(active: Readonly<Record<string, number>>): void {
    this.active = new Map(Object.entries(active));
  }

  gave(ttlMs: number, protocol: string | undefined): void {
    this.ttlMs += ttlMs;
    if (protocol === undefined) return;
    const known = this.protocols.has(protocol) || this.protocols.size < MAX_PROTOCOLS;
    add(this.protocols, known ? protocol : 'other', 1);
  }

  answered(succeeded: boolean, tookMs: number): void {
    if (succeeded) this.succeeded++;
    else this.failed++;
    this.tookMs += tookMs;
  }

  stats(): BrokerStats {
    const { issued, denied, redeemed, revoked, expired } = this.counted;
    const all = { issued, denied, redeemed, revoked, expired, active: this.active };
    return Object.fromEntries(
      Object.entries(all).map(([name, counts]) => [name, Object.fromEntries(counts)]),
    ) as unknown as BrokerStats;
  }

  snapshot(nowMs: number, uptimeMs: number): BrokerSnapshot {
    const total = this.succeeded + this.failed;
    const issued = sum(this.counted.issued);
    const seconds = Math.floor(uptimeMs / 1_000);
    const percent = total === 0 ? 100 : (this.succeeded / total) * 100;
    return {
      timestamp: new Date(nowMs).toISOString(),
      uptime_seconds: seconds,
      uptime_human: inWords(seconds),
      requests: {
        total,
        successful: this.succeeded,
        failed: this.failed,
        success_rate_percent: Math.round(percent * 100) / 100,
      },
      tokens: {
        active: sum(this.active),
        total_generated: issued,
        avg_ttl_minutes: issued === 0 ? 0 : this.ttlMs / issued / 60_000,
      },
      performance: { avg_response_time_ms: total === 0 ? 0 : this.tookMs / total },
      protocols: Object.fromEntries(this.protocols),
      resource_types: Object.fromEntries(this.counted.issued),
    };
  }
}
