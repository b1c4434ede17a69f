import type { TraceApi } from '@holdfast/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepLines } from './lines.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('the context of a request', () => {
  it('is in every line that is written within it, through awaits', async () => {
    const { logger, lines, logging } = keepLines();
    const child = logger.child({ part: 'db' });
    const done = logging.run({ requestId: 'r1', protocol: 'mcp', tenant: 'acme' }, async () => {
      logger.info('a');
      await Promise.resolve();
      child.info('b');
      return 7;
    });
    logger.info('outside');
    expect(await done).toBe(7);
    const fields = { request_id: 'r1', protocol: 'mcp', tenant: 'acme' };
    expect(lines()).toMatchObject([
      { msg: 'a', ...fields },
      { msg: 'outside' },
      { msg: 'b', part: 'db', ...fields },
    ]);
    expect(lines()[1]).not.toHaveProperty('request_id');
  });

  it('adds to the one around it, and ends with its function', () => {
    const { logger, lines, logging } = keepLines();
    logging.run({ requestId: 'r1', protocol: 'http' }, () => {
      logging.run({ tenant: 'acme', protocol: undefined }, () => logger.info('in'));
      logger.info('out');
    });
    expect(lines()[0]).toMatchObject({ request_id: 'r1', protocol: 'http', tenant: 'acme' });
    expect(lines()[1]).not.toHaveProperty('tenant');
  });

  it('may be empty', () => {
    const { logger, last, logging } = keepLines();
    logging.run({}, () => logger.info('x'));
    expect(Object.keys(last())).toEqual(['level', 'time', 'msg']);
  });

  it('is of one logging alone', () => {
    const [one, two] = [keepLines(), keepLines()];
    one.logging.run({ requestId: 'r1' }, () => two.logger.info('x'));
    expect(two.last()).not.toHaveProperty('request_id');
  });

  it('cannot break out of its line, whatever the ids hold', () => {
    const { logger, texts, last, logging } = keepLines();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (requestId, tenant) => {
        logging.run({ requestId, tenant }, () => logger.info('x'));
        expect(texts.pop()?.indexOf('\n')).toBeGreaterThan(0);
        logging.run({ requestId, tenant }, () => logger.info('x'));
        expect(last()).toMatchObject({ request_id: requestId, tenant });
        texts.length = 0;
      }),
    );
  });
});

describe('a trace', () => {
  const within: TraceApi = {
    getActiveSpan: () => ({ spanContext: () => ({ traceId, spanId, traceFlags: 1 }) }),
  };

  it('is named by the lines of its spans', () => {
    const { logger, last } = keepLines({ trace: within });
    logger.info('x');
    expect(last()).toMatchObject({ trace_id: traceId, span_id: spanId });
  });

  it('is not named where there is no span', () => {
    const { logger, last } = keepLines({ trace: { getActiveSpan: () => undefined } });
    logger.info('x');
    expect(last()).not.toHaveProperty('trace_id');
  });
});
