import { expect, it } from 'vitest';
import { hashHandle, isHandle, newHandle } from '../../src/broker/handle.ts';

it('makes handles that all differ and can be told from anything else', () => {
  const handles = Array.from({ length: 1_000 }, newHandle);
  expect(new Set(handles).size).toBe(1_000);
  expect(new Set(handles.map(hashHandle)).size).toBe(1_000);
  expect(handles.every(isHandle)).toBe(true);
  for (const other of ['', 'hf_', `hf_${'a'.repeat(42)}`, `x${handles[0]}`, `${handles[0]}\n`, 7, undefined])
    expect(isHandle(other)).toBe(false);
});
