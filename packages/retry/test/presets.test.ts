import { manualClock, recordEvents, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import {
  apiCall,
  awsCall,
  isAwsTransient,
  networkOperation,
  retry,
  type RetryOptions,
} from '../src/index.ts';
import { watch } from './watch.ts';

async function delaysOf(preset: RetryOptions, error: unknown) {
  const clock = manualClock();
  const strategy = retry({ ...preset, clock, random: () => 1 - 2 ** -53 });
  const recorder = recordEvents(strategy);
  watch(strategy.execute(script(clock, { error })));
  await clock.run();
  return recorder.events.flatMap((event) => ('delayMs' in event ? event.delayMs : []));
}

describe('presets', () => {
  it.each<[string, RetryOptions, number[]]>([
    ['networkOperation', networkOperation, [1_000, 2_000]],
    ['apiCall', apiCall, [2_000, 4_000, 8_000, 16_000]],
    ['awsCall', awsCall, [1_000, 2_000, 4_000]],
  ])('%s waits at most as documented', async (_, preset, delays) => {
    expect(await delaysOf(preset, { code: 'ECONNRESET' })).toEqual(delays);
  });

  it('stop growing at 60 s', async () => {
    expect((await delaysOf({ ...awsCall, maxAttempts: 9 }, { name: 'Throttling' })).at(-1)).toBe(60_000);
  });

  it('cannot be changed, but overridden', () => {
    for (const preset of [networkOperation, apiCall, awsCall]) expect(Object.isFrozen(preset)).toBe(true);
    expect(() => retry({ ...apiCall, maxAttempts: 2, name: 'orders' })).not.toThrow();
  });
});

describe('isAwsTransient', () => {
  it.each<[string, unknown]>([
    ['Throttling', { name: 'Throttling' }],
    ['ThrottlingException', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    ['RequestLimitExceeded', { Code: 'RequestLimitExceeded' }],
    ['ServiceUnavailable', { code: 'ServiceUnavailable' }],
    ['InternalError', { name: 'InternalError' }],
    ['a failing service', { name: 'Odd', $metadata: { httpStatusCode: 503 } }],
    [
      'a hint of the SDK',
      { name: 'Odd', $retryable: { throttling: true }, $metadata: { httpStatusCode: 400 } },
    ],
    ['a network', { code: 'ECONNRESET' }],
    ['a timeout', { name: 'TimeoutError' }],
  ])('retries %s', (_, error) => {
    expect(isAwsTransient(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a denied access', { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } }],
    ['a bad request', { name: 'ValidationException', $metadata: { httpStatusCode: 400 } }],
    ['a code of no kind', { code: 'AccessDenied' }],
    ['an Error', new Error('bug')],
    ['a string', 'Throttling'],
    ['undefined', undefined],
    ['null', null],
  ])('does not retry %s', (_, error) => {
    expect(isAwsTransient(error)).toBe(false);
  });
});
