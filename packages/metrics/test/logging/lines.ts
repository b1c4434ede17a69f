import type { LoggingOptions } from '@holdfast/metrics/logging';
import { createLogging } from '@holdfast/metrics/logging';
import { manualClock } from '@holdfast/pipeline/testing';

/** A logging that keeps its lines, parsed. */
export function keepLines(options: LoggingOptions = {}) {
  const texts: string[] = [];
  const logging = createLogging({
    clock: manualClock({ wallStartMs: 1_700_000_000_000 }),
    destinations: [{ write: (line) => texts.push(line) }],
    ...options,
  });
  const lines = () => texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  return { ...logging, logging, logger: logging.logger, texts, lines, last: () => lines().at(-1) ?? {} };
}
