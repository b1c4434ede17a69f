import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSigner, openEngine, type AuditEngine, type EngineOptions } from '@holdfast/audit';
import { onTestFinished } from 'vitest';

/** The origin of the logs of tests. */
export const ORIGIN = 'audit.example/test';

/** The key of the logs of tests. */
export const SIGNER = generateSigner();

/** A folder that is gone after the test. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Opens an engine that is closed after the test at the latest. */
export async function openTestEngine(options: Partial<EngineOptions> = {}): Promise<AuditEngine> {
  const dir = options.dir ?? tempDir();
  const engine = await openEngine({ origin: ORIGIN, signer: SIGNER, ...options, dir });
  onTestFinished(() => engine.close().catch(() => undefined));
  return engine;
}

/** Appends texts one after another without waiting, then waits for all. */
export function appendAll(engine: AuditEngine, tenant: string, texts: readonly string[]) {
  return Promise.all(texts.map((text) => engine.append(tenant, Buffer.from(text))));
}

/** The entries of a tenant as texts. */
export async function textsOf(engine: AuditEngine, tenant: string, from = 0, to?: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const entry of engine.entries(tenant, from, to)) texts.push(String(Buffer.from(entry.leaf)));
  return texts;
}

/** Texts that all differ. */
export function texts(count: number, prefix = 'event'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

/** The segments of the write-ahead log, the oldest first. */
export function segments(dir: string): string[] {
  const folder = path.join(dir, 'wal');
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

/** All files below a folder with their bytes, by path relative to it. */
export function filesIn(dir: string): Map<string, Buffer> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(dir, file), readFileSync(file)]),
  );
}
