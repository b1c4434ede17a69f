import type { AuditQuery } from '@holdfast/audit';
import { sampleEvent } from './sample-events.ts';

/** A kind of question, and how it is asked of a table by hand. */
export interface Question {
  readonly name: string;
  /** The question about an entry that is there. */
  readonly about: (entry: number) => AuditQuery;
  /** The condition in SQL; its values are `?`. */
  readonly where: string;
  readonly values: (entry: number) => readonly (string | number)[];
}

const MINUTE_MS = 60_000;

const of = (entry: number) => {
  const { action, actor, atMs = 0, resource } = sampleEvent(entry);
  return { action, actor: actor?.id ?? '', atMs, resource: resource?.id ?? '' };
};

/** What people ask an audit log, 50 events a page, the newest first. */
export const QUESTIONS: readonly Question[] = [
  { name: 'newest', about: () => ({}), where: 'true', values: () => [] },
  {
    name: 'by actor',
    about: (entry) => ({ actor: of(entry).actor }),
    where: 'actor = ?',
    values: (entry) => [of(entry).actor],
  },
  {
    name: 'by action',
    about: (entry) => ({ action: of(entry).action }),
    where: 'action = ?',
    values: (entry) => [of(entry).action],
  },
  {
    name: 'by resource',
    about: (entry) => ({ resource: { type: 'session', id: of(entry).resource } }),
    where: 'resource = ?',
    values: (entry) => [of(entry).resource],
  },
  {
    name: 'by actor and action',
    about: (entry) => ({ actor: of(entry).actor, action: of(entry).action }),
    where: 'actor = ? AND action = ?',
    values: (entry) => [of(entry).actor, of(entry).action],
  },
  {
    name: 'one minute',
    about: (entry) => ({ fromMs: of(entry).atMs, toMs: of(entry).atMs + MINUTE_MS }),
    where: 'at >= ? AND at < ?',
    values: (entry) => [of(entry).atMs, of(entry).atMs + MINUTE_MS],
  },
  {
    name: 'by a word',
    about: (entry) => ({ text: sampleEvent(entry).traceId }),
    where: 'body LIKE ?',
    values: (entry) => [`%"${sampleEvent(entry).traceId}"%`],
  },
];
