import { openEngine, type AuditEngine } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPublished } from './check-published.ts';
import { killed, powerless } from './crash.ts';
import { faultyFiles, systemError, type Call, type FaultyFiles } from './faulty-files.ts';
import { ORIGIN, SIGNER, tempDir, textsOf } from './rig.ts';

/** What the log must hold: for each tenant what was acknowledged, in order. */
interface Model {
  readonly acknowledged: Map<string, string[]>;
  serial: number;
}

interface Real {
  dir: string;
  engine: AuditEngine;
  readonly faulty: FaultyFiles;
}

const open = (dir: string, faulty: FaultyFiles) =>
  openEngine({
    dir,
    origin: ORIGIN,
    signer: SIGNER,
    segmentBytes: 4096,
    checkpointEveryMs: 1,
    files: faulty.files,
  });

const listOf = (model: Model, tenant: string) => {
  const list = model.acknowledged.get(tenant) ?? [];
  model.acknowledged.set(tenant, list);
  return list;
};

async function expectAll(model: Model, engine: AuditEngine): Promise<void> {
  for (const [tenant, list] of model.acknowledged) expect(await textsOf(engine, tenant)).toEqual(list);
}

type Step = fc.AsyncCommand<Model, Real>;

const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
  check: () => true,
  run,
  toString: () => name,
});

/** Appends at once, for several tenants in turn. */
const append = (tenants: readonly string[], count: number, length: number): Step =>
  step(`append(${tenants.join()}, ${count}, ${length})`, async (model, { engine }) => {
    const appends = Array.from({ length: count }, async (_, at) => {
      const tenant = tenants[at % tenants.length] ?? 'a';
      const text = `${model.serial++}:${'x'.repeat(length)}`;
      const { index } = await engine.append(tenant, Buffer.from(text));
      listOf(model, tenant)[index] = text;
    });
    await Promise.all(appends);
  });

const flush = step('flush', async (model, { engine, dir }) => {
  await engine.flush();
  for (const [tenant, list] of model.acknowledged) {
    expect(await checkPublished(dir, tenant, list)).toBe(list.length);
  }
});

const reopen = step('reopen', async (model, real) => {
  await real.engine.close();
  real.engine = await open(real.dir, real.faulty);
  await expectAll(model, real.engine);
});

/** The process is killed, or the power fails; what was on its way to the disk may be there or not. */
const crash = (inFlight: number, power: boolean): Step =>
  step(`crash(${inFlight}, ${power})`, async (model, real) => {
    const texts = Array.from({ length: inFlight }, () => `${model.serial++}:in flight`);
    const appends = texts.map((text) => real.engine.append('a', Buffer.from(text)));
    await Promise.resolve();
    const dir = await real.faulty.frozen(() => (power ? powerless : killed)(real.dir, real.faulty));
    await Promise.allSettled(appends);
    await real.engine.close();
    Object.assign(real, { dir, engine: await open(dir, real.faulty) });
    const found = await textsOf(real.engine, 'a');
    const acknowledged = listOf(model, 'a');
    const extra = found.slice(acknowledged.length);
    expect(texts.slice(0, extra.length)).toEqual(extra);
    acknowledged.push(...extra);
    await expectAll(model, real.engine);
  });

/** The disk fails once; whoever appends then is told, and the log goes on. */
const fault = (call: Call, count: number): Step =>
  step(`fault(${call}, ${count})`, async (model, { engine, faulty }) => {
    faulty.inject = (made) => {
      if (made.call !== call) return;
      faulty.inject = undefined;
      throw systemError('EIO');
    };
    const appends = Array.from({ length: count }, async () => {
      const text = `${model.serial++}:fault`;
      const { index } = await engine.append('b', Buffer.from(text));
      listOf(model, 'b')[index] = text;
    });
    await Promise.allSettled(appends);
    faulty.inject = undefined;
    expect(engine.size('b')).toBe(listOf(model, 'b').length);
  });

// With more runs than usual it takes longer than vitest waits.
const RUNS = Number(process.env['HOLDFAST_PROPERTY_RUNS'] ?? 15);

const steps: fc.Arbitrary<Step>[] = [
  fc
    .tuple(fc.subarray(['a', 'b', 'C'], { minLength: 1 }), fc.integer({ min: 1, max: 300 }), fc.nat(60))
    .map(([tenants, count, length]) => append(tenants, count, length)),
  fc.constant(flush),
  fc.constant(reopen),
  fc.tuple(fc.nat(5), fc.boolean()).map(([inFlight, power]) => crash(inFlight, power)),
  fc
    .tuple(fc.constantFrom<Call>('write', 'sync', 'create'), fc.integer({ min: 1, max: 3 }))
    .map(([call, count]) => fault(call, count)),
];

test(
  'through appends, faults, kills and restarts the log holds what was acknowledged, in order, once',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 25, size: '+1' }), async (commands) => {
        const dir = tempDir();
        const faulty = faultyFiles();
        const real: Real = { dir, faulty, engine: await open(dir, faulty) };
        const model: Model = { acknowledged: new Map(), serial: 0 };
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await flush.run(model, real);
          await expectAll(model, real.engine);
        } finally {
          await real.engine.close().catch(() => undefined);
        }
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 10_000,
);
