import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxFileDescriptors, openFileDescriptors, readUsage } from '../../src/process/usage.ts';

const hasProc = existsSync('/proc/self/fd');
const valueOf = (kind: 'total' | 'level', name: string) =>
  readUsage(kind).find((usage) => usage.name === name)?.value ?? NaN;

describe('the usage of the process', () => {
  it.each(['total', 'level'] as const)('is told under the same names each time: %s', (kind) => {
    const names = () => readUsage(kind).map(({ name }) => name);
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(names().length);
    for (const { name, help, value } of readUsage(kind)) {
      expect(name.endsWith('_total')).toBe(kind === 'total');
      expect(help).not.toBe('');
      expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  it('is in base units', () => {
    for (const { name } of [...readUsage('total'), ...readUsage('level')]) {
      expect(name).toMatch(/_(?:seconds_total|bytes)$/);
    }
  });

  it('adds up CPU time, which only rises', () => {
    const parts = () =>
      valueOf('total', 'process_cpu_user_seconds_total') +
      valueOf('total', 'process_cpu_system_seconds_total');
    const before = parts();
    const all = valueOf('total', 'process_cpu_seconds_total');
    const after = parts();
    expect(all).toBeGreaterThanOrEqual(before);
    expect(all).toBeLessThanOrEqual(after);
  });

  it('notices memory outside of the heap', () => {
    const before = valueOf('level', 'nodejs_external_memory_bytes');
    const buffer = Buffer.alloc(32 * 1024 * 1024, 1);
    expect(valueOf('level', 'nodejs_external_memory_bytes') - before).toBeGreaterThan(buffer.length / 2);
  });
});

describe.skipIf(!hasProc)('file descriptors', () => {
  it('are counted as they are open', () => {
    const before = openFileDescriptors();
    const opened = Array.from({ length: 50 }, () => openSync('/proc/self/limits', 'r'));
    const during = openFileDescriptors();
    for (const descriptor of opened) closeSync(descriptor);
    expect(during - before).toBeGreaterThan(40);
    expect(openFileDescriptors()).toBeLessThan(during - 40);
  });

  it('have a limit above what is open', () => {
    expect(maxFileDescriptors()).toBeGreaterThan(openFileDescriptors());
  });
});
