import { describe, expect, test } from 'vitest';
import { standardAlerts, type RequestStats, type StandardAlertsOptions } from '../../src/index.ts';

const raised = (requests: RequestStats | undefined, options: StandardAlertsOptions = {}) =>
  standardAlerts({ heapRatio: () => 0.5, ...options }).flatMap(({ name, severity, condition }) => {
    const message = condition({ checks: [], requests });
    return message === undefined ? [] : [`${name} ${severity}: ${message}`];
  });

describe('standard alerts', () => {
  test('say nothing about a service that is well, or of which nobody tells figures', () => {
    expect(raised(undefined)).toEqual([]);
    expect(raised({ requests: 100, failures: 10, meanMs: 2_000 })).toEqual([]);
  });

  test('more than a tenth of failing requests is critical', () => {
    expect(raised({ requests: 100, failures: 11, meanMs: 1 })).toEqual([
      'error-ratio critical: 11.0 % of the requests fail',
    ]);
  });

  test('responses of more than two seconds on average warn', () => {
    expect(raised({ requests: 100, failures: 0, meanMs: 2_001 })).toEqual([
      'response-time warning: responses take 2001 ms on average',
    ]);
  });

  test('a heap of which more than 85 % are used warns', () => {
    expect(raised(undefined, { heapRatio: () => 0.851 })).toEqual([
      'heap warning: 85.1 % of the heap are used',
    ]);
    expect(raised(undefined, { heapRatio: () => 0.85 })).toEqual([]);
  });

  test('few requests say nothing', () => {
    expect(raised({ requests: 19, failures: 19, meanMs: 9_000 })).toEqual([]);
    expect(raised({ requests: 1, failures: 1, meanMs: 9_000 }, { minRequests: 1 })).toHaveLength(2);
  });

  test('the real heap is not nearly full', () => {
    const heap = standardAlerts().find(({ name }) => name === 'heap');
    expect(heap?.condition({ checks: [], requests: undefined })).toBeUndefined();
    const full = standardAlerts({ maxHeapRatio: 0 }).find(({ name }) => name === 'heap');
    expect(full?.condition({ checks: [], requests: undefined })).toMatch(/% of the heap/);
  });

  test('limits out of bounds are refused', () => {
    expect(() => standardAlerts({ maxErrorRatio: 10 })).toThrow(
      'standardAlerts: maxErrorRatio must be a number >= 0 and <= 1',
    );
  });
});
