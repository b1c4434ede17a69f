import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributesOf, otlpReceiver } from './otlp-receiver.ts';
import { runApp } from './run-app.ts';

let receiver: Awaited<ReturnType<typeof otlpReceiver>>;
beforeEach(async () => (receiver = await otlpReceiver()));
afterEach(() => receiver.close());

const CLIENT = 'SPAN_KIND_CLIENT';
const SERVER = 'SPAN_KIND_SERVER';

describe('the register entry', () => {
  it('instruments what is loaded after it: a request makes a span at each end, of one trace', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    const { stdout } = await runApp('instrumented-app.ts', env, '--import=@holdfast/metrics/otel/register');
    expect(stdout).toBe('hello\n');
    const spans = receiver.spans();
    const client = spans.find((span) => String(span['kind']) === CLIENT);
    const server = spans.find((span) => String(span['kind']) === SERVER);
    expect(server).toMatchObject({ traceId: client?.['traceId'], parentSpanId: client?.['spanId'] });
    expect(JSON.stringify(attributesOf(server))).toContain('200');
    expect(spans).toHaveLength(2);
  });

  it('is what makes them: without it there are none', async () => {
    await runApp('instrumented-app.ts', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    expect(receiver.spans()).toEqual([]);
  });

  it('changes nothing for a service that sends nothing', async () => {
    const { stdout, stderr } = await runApp(
      'instrumented-app.ts',
      // Node 26 deprecates `module.register`, which the instrumentations need on Node 22.
      { NODE_NO_WARNINGS: '1' },
      '--import=@holdfast/metrics/otel/register',
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'hello\n', stderr: '' });
  });
});
