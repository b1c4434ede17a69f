import { createServer } from 'node:http';
import { circuitBreaker } from '@holdfast/circuit-breaker';
import { createFetch, isTransientStatus, type Fetch } from '@holdfast/http';
import { pipeline } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import * as cockatiel from 'cockatiel';
import { measure } from '../harness/measure.ts';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite, type TimingSuite } from '../harness/timing-suite.ts';
import { listen } from '../loopback-server.ts';

const about = `What \`createFetch\` with its defaults adds to a \`fetch\`: \`added ns\` is the difference to the bare one with the same
request and the same way to read the body. The bare one is a function that answers at once from memory; "over loopback"
it is Node's own, against a server in this process, where a whole request takes so long that the difference is mostly
noise and has no target.

"by hand" is what one writes around \`fetch\` with the strategies: two timeouts, retries and a breaker. So is cockatiel's,
which has to read the body inside, since it aborts its signal once it is done. Neither has a breaker for each origin,
knows what may be sent again, tells the server its deadline, or watches a body that it does not read until it ends.`;

const URL = 'http://127.0.0.1/items';
const BODY = JSON.stringify({ items: ['a', 'b', 'c'] });

const TOTAL_MS = 30_000;
const ATTEMPT_MS = 10_000;

/** A request, and what becomes of its response. */
interface Kind {
  readonly name: string;
  readonly body: string | null;
  readonly init?: RequestInit;
  readonly use: (response: Response) => unknown;
}

const KINDS: readonly Kind[] = [
  { name: 'no body', body: null, use: ({ status }) => status },
  { name: 'own headers', body: null, init: { headers: { accept: '*/*' } }, use: ({ status }) => status },
  { name: 'body cancelled', body: BODY, use: ({ body }) => body?.cancel() },
  { name: 'text()', body: BODY, use: (response) => response.text() },
  { name: 'json()', body: BODY, use: (response) => response.json() },
  { name: 'body as a stream', body: BODY, use: drain },
];

const suite = timingSuite('guarded-fetch', about, () =>
  KINDS.flatMap((kind) => casesOf(kind, URL, () => Promise.resolve(new Response(kind.body)))),
);

/** The suite; its `run` asks a server as well. */
export const guardedFetch: TimingSuite = {
  ...suite,
  async run(progress) {
    const server = await listen(createServer((_, response) => response.end(BODY)));
    const cases = [...suite.makeCases(), ...loopbackCases(server.url)];
    const reports = await measure(cases, { progress });
    await server.close();
    return { baseline: cases[0]?.name ?? null, cases: reports };
  },
};

/** The cases that ask a server. */
export const loopbackCases = (url: string): readonly TimedCase[] =>
  KINDS.filter(({ name }) => name === 'text()').flatMap((kind) =>
    casesOf({ ...kind, name: `${kind.name} over loopback` }, url, fetch).map(
      ({ target: _, ...each }) => each,
    ),
  );

/** A kind of request by everybody. */
function casesOf({ name, init, use }: Kind, url: string, bare: Fetch): readonly TimedCase[] {
  const above = `fetch, ${name}`;
  const target: Target = { atMost: { 'added ns': 3_000 } };
  const guarded = createFetch({ fetch: bare });
  const manual = byHand(bare);
  const policy = cockatielPolicy();
  return [
    { name: above, subject: 'platform', op: async () => use(await bare(url, init)) },
    { name, subject: 'holdfast', above, target, op: async () => use(await guarded(url, init)) },
    { name: `${name}, by hand`, subject: 'holdfast', above, op: async () => use(await manual(url, init)) },
    {
      name,
      subject: 'cockatiel',
      above,
      op: () =>
        policy.execute(async ({ signal }) => {
          const response = await bare(url, { ...init, signal });
          if (isTransientStatus(response.status)) throw new Error(`status ${response.status}`);
          return use(response);
        }),
    },
  ];
}

function byHand(bare: Fetch): Fetch {
  const guarded = pipeline(
    timeout({ timeoutMs: TOTAL_MS }),
    retry({ retryOnResult: (response) => isTransientStatus((response as Response).status) }),
    circuitBreaker({
      classifyResult: (response) => ((response as Response).status < 500 ? 'success' : 'failure'),
    }),
    timeout({ timeoutMs: ATTEMPT_MS }),
  );
  return (input, init) => guarded.execute(({ signal }) => bare(input, { ...init, signal }));
}

function cockatielPolicy(): cockatiel.IPolicy<cockatiel.ICancellationContext> {
  const { Aggressive } = cockatiel.TimeoutStrategy;
  return cockatiel.wrap(
    cockatiel.timeout(TOTAL_MS, Aggressive),
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2, backoff: new cockatiel.ExponentialBackoff() }),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: TOTAL_MS,
      breaker: new cockatiel.ConsecutiveBreaker(5),
    }),
    cockatiel.timeout(ATTEMPT_MS, Aggressive),
  );
}

async function drain({ body }: Response): Promise<number> {
  let bytes = 0;
  for await (const chunk of body ?? []) bytes += chunk.length;
  return bytes;
}
