import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSigner, openEngine } from '@holdfast/audit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, observe, tokenMetrics } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { samplesOf, scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

describe('observing an audit log', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'holdfast-observed-audit-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('shows its entries, commits and state, and ends when it is closed', async () => {
    const metrics = createMetrics();
    const engine = await openEngine({ dir: folder, origin: 'audit.example/test', signer: generateSigner() });
    observe(metrics, engine, { name: 'main' });
    await Promise.all(['a', 'b', 'c'].map((each) => engine.append('acme', Buffer.from(each))));
    expect(await valuesOf(metrics, 'audit_entries_total')).toEqual({ 'main appended': 3 });
    expect(await valuesOf(metrics, 'audit_log_state')).toEqual({ 'main open': 1 });
    expect(await valuesOf(metrics, 'audit_tenants')).toEqual({ main: 1 });
    const commits = (await valuesOf(metrics, 'audit_commits_total'))['main'];
    expect(commits).toBeGreaterThanOrEqual(1);
    await engine.close();
    await scrape(metrics);
    expect(await samplesOf(metrics, 'audit_log_state')).toEqual([]);
    expect(await valuesOf(metrics, 'audit_entries_total')).toEqual({ 'main appended': 3 });
  });

  it('turns milliseconds into seconds', async () => {
    const metrics = createMetrics();
    const stats = { state: 'open', appended: 1, pending: 0, totalCommitMs: 1_500, lastCommitMs: 20 };
    observe(metrics, { stats: () => stats });
    expect(await valuesOf(metrics, 'audit_commit_seconds_total')).toEqual({ default: 1.5 });
    expect(await valuesOf(metrics, 'audit_last_commit_seconds')).toEqual({ default: 0.02 });
  });

  it('shows what was dropped, what was there already, and how far the index is behind', async () => {
    const metrics = createMetrics();
    const figures = { dropped: 2, duplicates: 3, indexLag: 4 };
    observe(metrics, { name: 'main', stats: () => ({ appended: 8, pending: 0, ...figures }) });
    expect(await valuesOf(metrics, 'audit_entries_total')).toEqual({ 'main appended': 8, 'main dropped': 2 });
    expect(await valuesOf(metrics, 'audit_duplicates_total')).toEqual({ main: 3 });
    expect(await valuesOf(metrics, 'audit_entries_unindexed')).toEqual({ main: 4 });
  });

  it('shows a sink by the name that its figures tell', async () => {
    const metrics = createMetrics();
    let lag = 2;
    observe(metrics, { stats: () => ({ name: 'siem', lag, delivered: 7, failures: 1, running: true }) });
    expect(await valuesOf(metrics, 'audit_sink_entries_total')).toEqual({ siem: 7 });
    expect(await valuesOf(metrics, 'audit_sink_failures_total')).toEqual({ siem: 1 });
    expect(await valuesOf(metrics, 'audit_sink_entries_pending')).toEqual({ siem: 2 });
    expect(await valuesOf(metrics, 'audit_sink_running')).toEqual({ siem: 1 });
    lag = 0;
    expect(await valuesOf(metrics, 'audit_sink_entries_pending')).toEqual({});
  });

  it.skipIf(!hasPromtool)('uses names that promtool likes', async () => {
    const metrics = createMetrics();
    const figures = {
      failed: 0,
      dropped: 0,
      commits: 1,
      unpublished: 0,
      walBytes: 1,
      tenants: 1,
      indexLag: 0,
    };
    observe(metrics, { stats: () => ({ name: 'siem', lag: 0, delivered: 0, failures: 0, running: false }) });
    observe(metrics, { stats: () => ({ state: 'open', appended: 1, pending: 0, ...figures }) });
    expect(lint(await scrape(metrics))).toBe('');
  });
});

describe('observing a broker of credentials', () => {
  const broker = () => {
    return {
      closed: false,
      issued: { database: 3, api: 1 } as Record<string, number>,
      active: { database: 2 } as Record<string, number>,
      stats() {
        return {
          issued: this.issued,
          redeemed: { database: 2 },
          revoked: { database: 1 },
          expired: { api: 1 },
          denied: { ssh: 4 },
          active: this.active,
        };
      },
    };
  };

  it('shows its tokens by type, under the names that services share', async () => {
    const metrics = createMetrics();
    tokenMetrics(metrics);
    observe(metrics, broker());
    expect(await valuesOf(metrics, 'tokens_issued_total')).toEqual({ database: 3, api: 1 });
    expect(await valuesOf(metrics, 'tokens_redeemed_total')).toEqual({ database: 2 });
    expect(await valuesOf(metrics, 'tokens_refused_total')).toEqual({ ssh: 4 });
    expect(await valuesOf(metrics, 'tokens_ended_total')).toEqual({
      'database revoked': 1,
      'api expired': 1,
    });
    expect(await valuesOf(metrics, 'tokens_active')).toEqual({ database: 2 });
  });

  it('takes out types of which none is left, and keeps types to the known ones', async () => {
    const metrics = createMetrics();
    const source = broker();
    observe(metrics, source);
    source.active = { api: 1 };
    source.issued = { ...source.issued, 'user-made': 2 };
    expect(await valuesOf(metrics, 'tokens_active')).toEqual({ api: 1 });
    expect(await valuesOf(metrics, 'tokens_issued_total')).toEqual({ database: 3, api: 1, _OTHER: 2 });
  });

  it('ends at the scrape after it was closed', async () => {
    const metrics = createMetrics();
    const source = broker();
    observe(metrics, source);
    source.closed = true;
    source.issued = { database: 5 };
    await scrape(metrics);
    source.issued = { database: 9 };
    expect(await valuesOf(metrics, 'tokens_issued_total')).toEqual({ database: 5, api: 1 });
    expect(await samplesOf(metrics, 'tokens_active')).toEqual([]);
  });

  it('never lets a counter fall, whatever the totals do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 10 }), async (totals) => {
        const metrics = createMetrics();
        const source = broker();
        source.issued = {};
        observe(metrics, source);
        let before = 0;
        for (const total of totals) {
          source.issued = { api: total };
          const now = (await valuesOf(metrics, 'tokens_issued_total'))['api'] ?? 0;
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        }
        expect(before).toBeGreaterThanOrEqual(Math.max(...totals));
      }),
      { numRuns: 30 },
    );
  });
});

describe('observing a token manager', () => {
  it('shows what it keeps, and how renewals ended', async () => {
    const metrics = createMetrics();
    const stats = { valid: 3, expired: 1, refreshed: 5, failed: 2, ended: 1, yielded: 4, removed: 6 };
    observe(metrics, { stats: () => stats }, { name: 'github' });
    expect(await valuesOf(metrics, 'token_renewals_total')).toEqual({
      'github renewed': 5,
      'github failed': 2,
      'github ended': 1,
      'github yielded': 4,
    });
    expect(await valuesOf(metrics, 'token_removals_total')).toEqual({ github: 6 });
    expect(await valuesOf(metrics, 'tokens_kept_valid')).toEqual({ github: 3 });
    expect(await valuesOf(metrics, 'tokens_kept_expired')).toEqual({ github: 1 });
  });
});
