import { basic, fallback } from '@holdfast/fallback';
import { pipeline } from '@holdfast/pipeline';
import { expect, it } from 'vitest';
import type { Part } from '../../src/proxy/upstream-call.ts';
import { whole } from '../../src/scenarios/whole.ts';

const head = { status: 200, statusText: 'OK', headers: [] };
const answer: readonly Part[] = [head, Buffer.from('tea'), Buffer.from('pot')];

async function* stream(parts: readonly Part[], error?: Error): AsyncGenerator<Part> {
  yield* parts;
  if (error !== undefined) throw error;
}

async function gather(source: AsyncIterable<Part>): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const part of source) parts.push(part);
  return parts;
}

it('hands on what was gathered, part by part', async () => {
  const parts = await gather(whole(pipeline()).stream(() => stream(answer), {}));
  expect(parts).toEqual(answer);
});

it('marks the head of what stands in for an answer', async () => {
  const instead = whole(fallback<readonly Part[]>({ steps: [basic(answer)] }));
  const broken = () => stream([head], new Error('broken'));
  const parts = await gather(instead.stream(broken, {}));
  expect(parts).toEqual([{ ...head, degraded: true }, answer[1], answer[2]]);
});

it('delivers nothing of an answer that breaks off', async () => {
  const error = new Error('broken');
  const parts = whole(pipeline()).stream(() => stream(answer, error), {});
  await expect(gather(parts)).rejects.toBe(error);
});
