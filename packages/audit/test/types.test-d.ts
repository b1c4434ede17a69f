import {
  openAudit,
  openEngine,
  withContext,
  type Appended,
  type AuditEngine,
  type AuditEvent,
  type AuditLog,
  type AuditLogEvent,
  type AuditOptions,
  type AuditRecord,
  type EngineOptions,
  type Signer,
  type StoredEntry,
} from '@holdfast/audit';
import { expectTypeOf, test } from 'vitest';

declare const log: AuditLog;
declare const signer: Signer;

test('a log needs a directory, an origin and a key, and nothing more', () => {
  expectTypeOf<{ dir: string; origin: string; signer: Signer }>().toExtend<AuditOptions>();
  expectTypeOf<{ dir: string; origin: string }>().not.toExtend<AuditOptions>();
  expectTypeOf<AuditOptions>().toExtend<EngineOptions>();
  expectTypeOf(openAudit).returns.resolves.toEqualTypeOf<AuditLog>();
  expectTypeOf(openEngine).returns.resolves.toEqualTypeOf<AuditEngine>();
});

test('a signer may be synchronous or not', () => {
  expectTypeOf<{ publicKey: Buffer; sign: () => Buffer }>().toExtend<Signer>();
  expectTypeOf<{
    publicKey: Uint8Array;
    sign: (message: Uint8Array) => Promise<Uint8Array>;
  }>().toExtend<Signer>();
  expectTypeOf<{ publicKey: string; sign: () => Buffer }>().not.toExtend<Signer>();
  expectTypeOf(signer.publicKey).toEqualTypeOf<Uint8Array>();
});

test('an event has an action; an answer has its place', () => {
  expectTypeOf<{ action: string }>().toExtend<AuditEvent>();
  expectTypeOf<object>().not.toExtend<AuditEvent>();
  expectTypeOf(log.append).returns.resolves.toEqualTypeOf<Appended>();
  expectTypeOf(log.note).returns.toEqualTypeOf<void>();
});

test('guard and withContext give back what the function gives', () => {
  expectTypeOf(log.guard({ action: 'a' }, () => 7)).resolves.toEqualTypeOf<number>();
  expectTypeOf(log.guard({ action: 'a' }, async () => 'x' as const)).resolves.toEqualTypeOf<'x'>();
  expectTypeOf(log.withContext({ requestId: 'r' }, () => [1])).toEqualTypeOf<number[]>();
  expectTypeOf(withContext({ requestId: 'r' }, async () => 1)).resolves.toEqualTypeOf<number>();
});

test('events are told apart by their type', () => {
  log.on('audit.write_failed', (event) => {
    expectTypeOf(event.entries).toEqualTypeOf<number>();
    expectTypeOf(event.broken).toEqualTypeOf<boolean>();
  });
  log.subscribe((event) => expectTypeOf(event).toEqualTypeOf<AuditLogEvent>());
  // @ts-expect-error there is no such event
  log.on('audit.nonsense', () => {});
});

test('entries and records can be iterated', () => {
  expectTypeOf(log.engine.entries('a', 0)).toEqualTypeOf<AsyncIterable<StoredEntry>>();
  expectTypeOf(log.tail()).toEqualTypeOf<AsyncIterable<AuditRecord>>();
  expectTypeOf(log.export({ format: 'jsonl' })).toEqualTypeOf<AsyncIterable<string>>();
  expectTypeOf(log.close).returns.resolves.toEqualTypeOf<void>();
  expectTypeOf(log).toExtend<AsyncDisposable>();
});
