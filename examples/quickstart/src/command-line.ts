import path from 'node:path';
import { parseArgs } from 'node:util';
import { findScenario, SCENARIOS } from './scenarios/scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { check, integer, number, type Rule } from '@holdfast/pipeline';

/** What the command line and the environment ask for. */
export interface Settings {
  /** What is shown. */
  readonly scenario: Scenario;
  /** The server to guard; `undefined` starts one that misbehaves on a schedule. */
  readonly upstream: URL | undefined;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Requests a second that the demonstration sends itself; 0 for none. */
  readonly rate: number;
  /** When to end, in milliseconds; `Infinity` waits for Ctrl-C. */
  readonly durationMs: number;
  /** How many times faster than real time the schedule, and with it the guard, runs. */
  readonly speed: number;
  /** How long the upstream may take to begin its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the circuit stays open, in milliseconds. */
  readonly openMs: number;
  /** How long requests are still served after a SIGTERM has let readiness fail, in milliseconds. */
  readonly drainMs: number;
  /** The folder of the audit log; `undefined` for none. */
  readonly auditDir: string | undefined;
}

/** What `--help` prints. */
export const HELP = `Usage: npm start -- quickstart [flags]

Guards an HTTP server with a circuit breaker, retries and timeouts, and shows what happens. Without --upstream it
starts a server of its own that misbehaves on a schedule, and sends it a gentle load.

  --scenario NAME   the strategy to show, one of those below       (breaker)
  --upstream URL    the server to guard, http: or https:
  --port N          where the proxy listens; 0 takes a free port   (QUICKSTART_PORT, 8787)
  --host ADDRESS    the address that it listens on                 (127.0.0.1)
  --rate N          requests a second of its own load, up to 1000  (the scenario's; with --upstream none)
  --no-load         no load of its own
  --duration S      ends after so many seconds                     (until Ctrl-C)
  --timeout MS      how long the upstream may take to answer       (1000)
  --open MS         how long the circuit stays open                (2000)
  --drain MS        how long it still serves after a SIGTERM       (5000)
  --audit DIR       where to write down what the circuit does      (.cache/quickstart-audit; none: nowhere)
  --speed N         runs the schedule N times faster, up to 20     (1)
  --help            this text

Scenarios:
${SCENARIOS.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join('\n')}

All but the first send the same load to an upstream of the same kind without the strategy, and compare the two.
The proxy itself answers /metrics, /metrics/summary, /metrics/history, /livez, /readyz, /startupz, /health and /status.
On a terminal the view is redrawn in place; elsewhere, and with NO_COLOR, it is a line a second.`;

const DEFAULT_AUDIT_DIR = '.cache/quickstart-audit';

const FLAGS = {
  scenario: { type: 'string', default: 'breaker' },
  upstream: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  rate: { type: 'string' },
  load: { type: 'boolean' },
  duration: { type: 'string' },
  timeout: { type: 'string' },
  open: { type: 'string' },
  drain: { type: 'string' },
  audit: { type: 'string' },
  speed: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line.
 *
 * @returns the settings, or `help` when that was asked for
 * @throws {@link TypeError} or {@link RangeError} when a flag is unknown or its value is of no use
 */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings | 'help' {
  const { values } = parseArgs({ args: [...args], options: FLAGS, allowNegative: true });
  if (values.help) return 'help';
  const scenario = findScenario(values.scenario);
  const upstream = values.upstream === undefined ? undefined : readUpstream(values.upstream);
  if (upstream !== undefined) checkFitsUpstream(scenario, values.speed);
  const quantity = (flag: keyof typeof values, otherwise: number, rule: Rule) => {
    const given = values[flag];
    if (given === undefined) return otherwise;
    return read(`--${flag}`, String(given), rule);
  };
  const portFrom = values.port === undefined ? 'QUICKSTART_PORT' : '--port';
  const port = read(portFrom, values.port ?? (env['QUICKSTART_PORT'] || '8787'), integer(0, 65_535));
  // Nobody wants a stranger's load on a real server unasked.
  const unasked = upstream === undefined || values.load === true ? scenario.load.rate : 0;
  const rate = quantity('rate', unasked, number(0.1, 1_000));
  // Circuits are what is written down.
  const audit = values.audit ?? (scenario.compared ? 'none' : DEFAULT_AUDIT_DIR);
  return {
    scenario,
    upstream,
    host: values.host ?? '127.0.0.1',
    port,
    rate: values.load === false ? 0 : rate,
    durationMs: quantity('duration', Infinity, number(0.1, 2_000_000)) * 1_000,
    speed: quantity('speed', 1, number(0.1, 20)),
    timeoutMs: quantity('timeout', 1_000, integer(1, 600_000)),
    openMs: quantity('open', 2_000, integer(1, 600_000)),
    drainMs: quantity('drain', 5_000, integer(0, 600_000)),
    auditDir: audit === 'none' ? undefined : path.resolve(audit),
  };
}

/** A schedule, and what is compared on it, need an upstream that follows it. */
function checkFitsUpstream({ name, compared }: Scenario, speed: string | undefined): void {
  if (speed !== undefined) {
    throw new TypeError('--speed is for the schedule, which --upstream does without');
  }
  if (compared) {
    throw new TypeError(`--scenario ${name} has an upstream of its own; leave --upstream out`);
  }
}

/** A number from its text. The error shows what was typed. */
function read(name: string, text: string, rule: Rule): number {
  const value = text === '' ? NaN : Number(text);
  check(name, Number.isNaN(value) ? text : value, rule);
  return value;
}

function readUpstream(text: string): URL {
  const url = URL.parse(text);
  const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '';
  if (!good) throw new TypeError(`--upstream must be an http: or https: URL without credentials or query`);
  return url;
}
