import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKeyPair, openEngine, signerFrom } from '@holdfast/audit';
import { seededRandom } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { ORIGIN, tempDir, textsOf } from './rig.ts';

// `npm run test:long` asks for more of everything.
const ROUNDS = process.env['HOLDFAST_PROPERTY_RUNS'] === undefined ? 50 : 1000;
const COMPILED = path.join(tmpdir(), 'holdfast-audit-compiled');
const { privateKey } = generateKeyPair(ORIGIN);
const { signer } = signerFrom(privateKey);

/** Everything that was acknowledged, in all rounds: by tenant and index what was appended. */
type Acknowledged = Map<string, Map<number, string>>;

/** Runs a writer, kills it after it has printed for a while, and notes what it was told is durable. */
async function writeAndKill(dir: string, acknowledged: Acknowledged, lines: number): Promise<void> {
  const script = fileURLToPath(new URL('kill-writer.ts', import.meta.url));
  const args = ['--conditions=@holdfast/source', '--no-warnings', script, dir, privateKey];
  // Compiled once, a writer starts three times as fast.
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILED };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child.stdout, 'end');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await ended;
  for (const line of text.split('\n').slice(0, -1)) {
    const [tenant = '', index, id = ''] = line.split(' ');
    if (index === undefined) continue;
    const known = acknowledged.get(tenant) ?? new Map<number, string>();
    acknowledged.set(tenant, known);
    expect(known.has(Number(index)), `${line} was ${known.get(Number(index))}`).toBe(false);
    known.set(Number(index), id);
  }
}

/** What was acknowledged is there, under its index, once. */
async function verify(dir: string, acknowledged: Acknowledged): Promise<number> {
  const engine = await openEngine({ dir, origin: ORIGIN, signer });
  let found = 0;
  for (const [tenant, known] of acknowledged) {
    const texts = await textsOf(engine, tenant);
    const ids = texts.map((text) => text.split(':').slice(0, 3).join(':'));
    expect(new Set(ids).size, 'no entry is there twice').toBe(ids.length);
    for (const [index, id] of known) expect(ids[index]).toBe(id);
    found += known.size;
  }
  await engine.flush();
  for (const tenant of engine.tenants()) expect(engine.checkpoint(tenant)?.size).toBe(engine.size(tenant));
  await engine.close();
  return found;
}

// Processes take their time to start: two logs are written to at once, so that one starts while the other writes.
test(
  'a writer that is killed again and again loses nothing',
  async () => {
    const found = await Promise.all([1, 2].map((seed) => killAgainAndAgain(tempDir(), seededRandom(seed))));
    for (const count of found) expect(count).toBeGreaterThan(ROUNDS);
  },
  ROUNDS * 10_000,
);

async function killAgainAndAgain(dir: string, random: () => number): Promise<number> {
  const acknowledged: Acknowledged = new Map();
  for (let round = 0; round < ROUNDS / 2; round++) {
    await writeAndKill(dir, acknowledged, 1 + Math.floor(random() ** 3 * 600));
    if (round % 5 === 4) await verify(dir, acknowledged);
  }
  return verify(dir, acknowledged);
}
