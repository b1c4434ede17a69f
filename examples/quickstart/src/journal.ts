import type { CircuitEvent } from '@holdfast/circuit-breaker';
import { duration } from './view/format.ts';

/** Something that happened, in words. */
export interface Entry {
  readonly atMs: number;
  readonly text: string;
}

/** The last things that happened. */
export interface Journal {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  write(text: string): void;
}

const MAX_ENTRIES = 20;

/** @param onEntry - told of each entry as it is written */
export function createJournal(elapsedMs: () => number, onEntry: (entry: Entry) => void): Journal {
  const entries: Entry[] = [];
  return {
    entries,
    write(text) {
      const entry = { atMs: elapsedMs(), text };
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) entries.shift();
      onEntry(entry);
    },
  };
}

/** Puts what a circuit tells into words. */
export function describe(event: CircuitEvent): string {
  switch (event.type) {
    case 'circuit.opened': {
      const why = event.error instanceof Error ? event.error.message : event.cause;
      return `circuit opened${event.openings > 1 ? ' again' : ''} for ${duration(event.openMs)}: ${why}`;
    }
    case 'circuit.half_opened':
      return 'circuit half-open: a few requests may try the upstream';
    case 'circuit.closed':
      return 'circuit closed: the upstream has recovered';
    default:
      return event.type;
  }
}
