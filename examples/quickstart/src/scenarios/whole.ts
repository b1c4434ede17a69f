import type { StreamSource, Strategy } from '@holdfast/pipeline';
import type { Answering } from '../guard.ts';
import type { Part } from '../proxy/upstream-call.ts';

/**
 * Lets a strategy see answers as a whole. What is remembered, shared or stood in for cannot be a stream, which is read
 * once.
 */
export function whole(strategy: Pick<Strategy<readonly Part[]>, 'try'>): Answering {
  return {
    async *stream(attempt, options) {
      const result = await strategy.try(async (ctx) => gather(await attempt(ctx)), options);
      if (!result.ok) throw result.error;
      for (const part of result.value) {
        yield result.degraded && !Buffer.isBuffer(part) ? { ...part, degraded: true } : part;
      }
    },
  };
}

async function gather(source: StreamSource<Part>): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const part of source) parts.push(part);
  return parts;
}
