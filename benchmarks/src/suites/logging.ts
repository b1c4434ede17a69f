import { createLogging } from '@holdfast/metrics/logging';
import { pino } from 'pino';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const about = `One line, to a destination that drops it. Holdfast's logger is pino with redaction by field name and the
fields of the request; \`x pino\` below 1 is what those cost. A request's fields come from an ambient context in
Holdfast, and from a child logger in pino. No line has a secret in it.`;

const FIELDS = { tool: 'search', durationMs: 12.5, status: 200, path: '/v1/search' };
const REQUEST = { request_id: 'r-1', protocol: 'mcp', tenant: 'acme' };
/** The cost of pino itself and 15 %. */
const target = { atLeast: { 'x pino': 0.87 } };

export const logging = timingSuite('logging', about, () => [stringify(), ...peers(), ...ours()]);

/** A destination that counts what it drops. */
function sink() {
  let lines = 0;
  return { write: (line: string) => void (lines += line.endsWith('\n') ? 1 : 0), lines: () => lines };
}

function stringify(): TimedCase {
  const to = sink();
  const op = () => to.write(`${JSON.stringify({ level: 30, time: Date.now(), ...FIELDS, msg: 'called' })}\n`);
  return {
    name: 'JSON.stringify, four fields',
    subject: 'platform',
    ending: 'returns',
    op,
    counted: to.lines,
  };
}

function peers(): readonly TimedCase[] {
  const to = sink();
  const logger = pino({ base: null }, to);
  const child = logger.child(REQUEST);
  return cases('pino', to.lines, {
    'message alone': () => logger.info('called'),
    'four fields': () => logger.info(FIELDS, 'called'),
    'four fields in a request': () => child.info(FIELDS, 'called'),
  });
}

function ours(): readonly TimedCase[] {
  const to = sink();
  const made = createLogging({ destinations: [to] });
  const { logger } = made;
  const context = { requestId: REQUEST.request_id, protocol: REQUEST.protocol, tenant: REQUEST.tenant };
  const child = logger.child(REQUEST);
  return [
    ...cases('holdfast', to.lines, {
      'message alone': () => logger.info('called'),
      'four fields': () => logger.info(FIELDS, 'called'),
      'four fields in a request': () => child.info(FIELDS, 'called'),
    }),
    {
      name: 'four fields, entering the request too',
      subject: 'holdfast',
      ending: 'returns',
      job: 'four fields in a request',
      op: () => made.run(context, () => logger.info(FIELDS, 'called')),
      counted: to.lines,
    },
  ];
}

function cases(
  subject: string,
  counted: () => number,
  ops: Readonly<Record<string, () => void>>,
): readonly TimedCase[] {
  return Object.entries(ops).map(([name, op]) => ({
    name,
    subject,
    ending: 'returns',
    job: name,
    op,
    counted,
    ...(subject === 'holdfast' ? { target } : {}),
  }));
}
