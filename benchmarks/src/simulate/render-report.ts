import { verdictsOf } from '../harness/verdict.ts';
import type { Machine } from '../output/machine.ts';
import { markdownTable } from '../output/markdown-table.ts';
import { tableOf } from '../output/table.ts';
import { outdone } from './outdone.ts';
import type { Played } from './run-all.ts';
import { callsPerSecond, capacityPerSecond, WORLD, type FleetSize } from './scenario.ts';
import { suiteReportOf } from './suite-report.ts';
import { SUBJECTS } from './subjects.ts';

/** How the page came about. */
export interface Provenance {
  readonly machine: Machine;
  readonly date: Date;
  /** How long everything took. */
  readonly seconds: number;
}

/** The page of the simulation. */
export function renderReport(played: readonly Played[], size: FleetSize, provenance: Provenance): string {
  return `${[
    '# Simulation: a fleet and its dependency',
    intro(size),
    targets(played),
    assumptions(size),
    SUBJECTS_TEXT,
    HOW_TO_READ,
    ...played.map(section),
    peersDoBetter(played),
    LESSONS,
    origin(played, size, provenance),
  ].join('\n\n')}\n`;
}

const many = (count: number): string => Math.round(count).toLocaleString('en');

const intro = ({ clients, processes }: FleetSize): string =>
  `${many(clients)} clients call a dependency through ${many(processes)} processes, and the dependency fails in six ways. The strategies are the
real code of Holdfast, opossum, cockatiel and p-retry, in virtual time; the clients, the network and the dependency are a model.
\`npm run simulate\` plays it again: the same seed gives the same figures.`;

function targets(played: readonly Played[]): string {
  const verdicts = played.flatMap((each) => suiteReportOf(each).cases.flatMap(verdictsOf));
  const missed = verdicts.filter(({ holds }) => !holds).length;
  return `Targets: in the full outage the dependency sees at most 1.1 requests for each call that clients make, and 2 s after it
calls succeed again, with the strategies that this page recommends. ${missed === 0 ? 'Both hold' : `${missed} of ${verdicts.length} are missed`}: see the table.`;
}

const assumptions = (size: FleetSize): string => `## Assumptions

- A client thinks for ${WORLD.thinkSeconds} s on average (exponential), calls, waits for the outcome, and thinks again: about ${many(callsPerSecond(size))} calls
  a second. It never gives up waiting; the strategies decide when a call ends.
- Each process serves ${many(size.clients / size.processes)} clients and has strategies of its own; processes share nothing.
- The dependency has ${WORLD.instances} instances behind a load balancer that chooses at random. Together they serve ${many(capacityPerSecond(size))} requests a
  second, so that two thirds of the capacity are used. A request takes ${WORLD.latencyMs} ms and its turn. Each instance has one queue for
  ${WORLD.queueMs / 1_000} s of work, refuses what does not fit, and works off what it has accepted even when the caller has gone, as servers do.
- The fault begins after ${WORLD.faultAtSecond} s; the simulation ends after ${WORLD.endAtSecond} s.
- Smaller runs (\`--clients\`, \`--processes\`) show the same kinds of behaviour, not the same figures: their instances are slower,
  so that chance makes longer queues.
- Not modelled: a network that loses packets, load balancers that look at health, autoscaling, requests that differ in
  work, refusals that cost work, processes that start or stop.`;

const SUBJECTS_TEXT = `## Who is compared

Everyone waits 500 ms for an attempt and makes up to 3 retries, from 200 ms on. All circuits rest for 1 s once they are open, but
those of "defaults", though opossum too would let them rest for 30 s. So the kinds differ and not the numbers.

| case | what it is |
| :-- | :-- |
| timeout | one attempt with a timeout, no protection |
| retry, timeout (p-retry) | p-retry 9.0.0 with jitter |
| p-retry, breaker (opossum) | opossum 10.0.0 with its default rule (half of the calls in 10 s) and its own timeout; it has no retry, so p-retry is around it |
| retry, breaker (cockatiel) | cockatiel 4.0.0: retry with its exponential backoff, breaker for 5 failures in a row, timeout |
| defaults (holdfast) | retry with the default budget, default breaker (5 failures in a row, 30 s), timeout |
| recommended (holdfast) | the pipeline below |
| recommended, both ends (holdfast) | the same, and \`bulkhead({ maxConcurrent: vegas() })\` around the work of each instance |

No algorithm of a peer is modelled: all run their own code. The retries of p-retry and cockatiel know nothing of the breaker inside
them and try again while it refuses.

\`\`\`ts
import { circuitBreaker, confidentFailureRatio, exponentialOpen } from '@holdfast/circuit-breaker';
import { aimd, bulkhead } from '@holdfast/limiter';
import { pipeline } from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';

const recommended = pipeline(
  timeout({ timeoutMs: 2_000 }), // the whole call
  retry({ maxAttempts: 4, budget: retryBudget() }),
  circuitBreaker({
    tripRule: confidentFailureRatio(), // half of the calls fail beyond reasonable doubt
    openMs: exponentialOpen({ baseMs: 1_000, maxMs: 1_000 }), // 0.8 s to 1 s, so that processes do not come back together
  }),
  bulkhead({ maxConcurrent: aimd({ initialLimit: 5, backoffRatio: 0.7 }), maxQueue: 5, maxQueueMs: 100 }),
  timeout({ timeoutMs: 500 }), // each attempt
);
\`\`\``;

const HOW_TO_READ = `## How to read the figures

- **load in the fault**: requests that reach the dependency for each call that clients make.
- **peak load**: the requests of the worst second from the fault on, in times of the usual load.
- **succeed in it, after it**: the share of the calls that succeed, of those that start in the fault, or after it.
- **back after**: seconds from the end of the fault until in every second at least 95 % of the calls succeed.
- **longest wait (p99)**: 99 of 100 calls that start in the fault have ended after that time, well or badly.

The plots count in times of the usual load and cut what is above 3.`;

function section(each: Played): string {
  const { name, title, about } = each.scenario;
  return `## ${title}

${about}

${markdownTable(tableOf(suiteReportOf(each)))}

![${title}: load and goodput over time, one panel a case](${name}.svg)`;
}

function peersDoBetter(played: readonly Played[]): string {
  const rows = played.flatMap((each) =>
    outdone(suiteReportOf(each), 'recommended').map(({ figure, ours, theirs, peer }) => [
      each.scenario.title,
      figure,
      ours,
      theirs,
      peer,
    ]),
  );
  const titles = ['scenario', 'figure', 'recommended', 'best peer', 'which'];
  return `## Where a peer does better than "recommended"

Wherever the difference is more than a fiftieth:

${markdownTable({ titles, numeric: [false, false, true, true, false], rows })}`;
}

const LESSONS = `## What follows

- **A default stands in the way of a quick return.** A circuit rests for 30 s by default, which is gentle with a dependency that has
  many small clients and slow for one that is back. Choose \`openMs\` so that processes / \`openMs\` is a small part of what the
  dependency can serve: each process sends about one probe in that time. Here that is a fifth of the usual load.
- **Failures in a row are the wrong rule where some calls always fail.** The default rule opens by chance in a partial failure;
  \`confidentFailureRatio\` does not.
- **A budget gives up calls to save the dependency.** Where it has capacity to spare, as in the partial failure here, retries
  without a budget bring more calls home; where it has none, they are what keeps it down. With \`retryBudget()\` a process
  may spend at once the 10 retries that it has saved up, which is the peak in the tables; beyond that it adds about a tenth.
- **Neither timeouts nor breakers cure a queue.** A dependency that works off requests nobody waits for stays down after the
  fault. What helps is fewer requests (a limit at the caller that shrinks when calls time out) or a short queue (a limit at
  the dependency). The limit at the dependency does most: it is the only one that sees the queue.`;

function origin(played: readonly Played[], size: FleetSize, provenance: Provenance): string {
  const outcomes = played.flatMap((each) => each.outcomes);
  const calls = outcomes.reduce((total, { callsStarted }) => total + callsStarted, 0);
  const requests = outcomes.flatMap(({ series }) => series.load).reduce((total, count) => total + count, 0);
  const { machine, date, seconds } = provenance;
  return `## Where the figures come from

\`npm run simulate -- --write\` wrote this page on ${date.toISOString().slice(0, 10)}, with Node ${process.version}, the seed ${size.seed} and ${SUBJECTS.length * played.length} runs:
${many(calls)} calls and ${many(requests)} requests in ${many(seconds)} s on ${machine.name}, load average ${machine.load} at the end.`;
}
