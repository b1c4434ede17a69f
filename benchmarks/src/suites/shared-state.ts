import { Redis } from 'ioredis';
import { median, ratioOf, significant } from '../harness/statistics.ts';
import type { CaseReport, Progress, Suite } from '../harness/suite.ts';
import { sharedCases } from '../redis-team/shared-cases.ts';
import { startTeam, type Done, type Team } from '../redis-team/team.ts';

const PROCESSES = 3;

const about = `${PROCESSES} processes that share breakers and limits over a Redis on the same machine. Each makes one call after the other,
all at the same time, in turns of 0.25 s a case; the time is that of a call in one of them. \`round trips a call\` is what
Redis counted: scripts that it ran, by calls of all processes together.

A shared breaker looks up twice a second what the others found, whatever the calls. A leased limit asks for 20 calls in
advance; it and the exact one let no window of a minute, wherever it begins, have more than the limit, while
rate-limiter-flexible counts fixed windows, in which twice the limit may pass around an edge. It has no leases, and
none of the peers has a shared breaker.`;

/** How often and how long each case is worked on. */
export interface SharedOptions {
  readonly turns: number;
  readonly turnMs: number;
  readonly progress: Progress;
}

/** A suite that can be measured for a shorter time. */
export interface SharedSuite extends Suite {
  measure(options: SharedOptions): ReturnType<Suite['run']>;
}

export const sharedState: SharedSuite = {
  name: 'shared-state',
  about,
  async measure(options) {
    // Loaded when it is needed: it starts a process to see whether there is a Redis.
    const { hasRedis, startRedis } = await import('../../../scripts/services/redis.ts');
    if (!hasRedis) return { baseline: null, cases: [] };
    await using server = await startRedis();
    await using team = await startTeam(server.url, PROCESSES);
    const client = new Redis(server.url);
    const cases = await inTurns(team, client, options);
    client.disconnect();
    return { baseline: sharedCases[0]?.name ?? null, cases };
  },
  run(progress) {
    return this.measure({ turns: 9, turnMs: 250, progress });
  },
};

/** What a turn of a case has brought. */
interface Turn {
  readonly nsPerCall: number;
  readonly calls: number;
  readonly roundTrips: number;
}

async function inTurns(team: Team, client: Redis, { turns, turnMs, progress }: SharedOptions) {
  const found = sharedCases.map((): Turn[] => []);
  for (let turn = -1; turn < turns; turn++) {
    for (const [index, own] of found.entries()) {
      const before = await scriptsRun(client);
      const done = await team.work({ index, ms: turnMs });
      // The first time the code warms up.
      if (turn >= 0) own.push(turnOf(done, (await scriptsRun(client)) - before));
    }
    progress((turn + 2) / (turns + 1));
  }
  return found.map((own, index) => reportOf(index, own, found[0] ?? []));
}

/** How many scripts Redis has run; both subjects ask by script. */
async function scriptsRun(client: Redis): Promise<number> {
  const stats = await client.info('commandstats');
  const found = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)];
  return found.reduce((sum, [, calls]) => sum + Number(calls), 0);
}

function turnOf(done: readonly Done[], roundTrips: number): Turn {
  const calls = done.reduce((sum, each) => sum + each.calls, 0);
  const ms = done.reduce((sum, each) => sum + each.ms, 0);
  return { nsPerCall: (ms / calls) * 1e6, calls, roundTrips };
}

function reportOf(index: number, own: readonly Turn[], baseline: readonly Turn[]): CaseReport {
  const { name = '', subject = '', target } = sharedCases[index] ?? {};
  const ns = own.map(({ nsPerCall }) => nsPerCall);
  const sum = (measure: 'calls' | 'roundTrips') => own.reduce((all, turn) => all + turn[measure], 0);
  return {
    name,
    subject,
    nsPerOp: significant(median(ns), 4),
    bytesPerOp: null,
    ratio: significant(
      ratioOf(
        ns,
        baseline.map(({ nsPerCall }) => nsPerCall),
      ),
      3,
    ),
    figures: { 'round trips a call': significant(sum('roundTrips') / sum('calls'), 3) },
    ...(target === undefined ? {} : { target }),
  };
}
