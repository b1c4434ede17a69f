import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { AuditWriteError } from '../../src/errors.ts';
import { eventsOf, MemoryEngine, openTestEngine, rigRecorder, tempFolder } from '../rig.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const broken = new AuditWriteError(new Error('EIO'));

describe('an event', () => {
  it('is in the log once it is acknowledged', async () => {
    const engine = await openTestEngine();
    const { recorder } = rigRecorder(engine);
    const appended = await recorder.append({ action: 'session.created', tenant: 'acme' });
    expect(appended).toMatchObject({ tenant: 'acme', index: 0 });
    expect(await eventsOf(engine, 'acme')).toMatchObject([{ action: 'session.created' }]);
  });

  it('with too many details has them beside the log once it is acknowledged', async () => {
    const engine = await openTestEngine();
    const { recorder, bodies } = rigRecorder(engine);
    const details = { text: 'x'.repeat(100_000) };
    await Promise.all([recorder.append({ action: 'a', details }), recorder.append({ action: 'b', details })]);
    const [event] = await eventsOf(engine);
    expect(JSON.parse((await bodies.get(event?.detailsDigest?.sha256 ?? '')) ?? '')).toEqual(details);
  });

  it('that cannot be written is refused, and leaves nothing', async () => {
    const engine = new MemoryEngine();
    const { recorder } = rigRecorder(engine);
    await expect(recorder.append({ action: '' })).rejects.toThrow('action must not be empty');
    expect(engine.events).toEqual([]);
    expect(recorder.gaps.total).toBe(0);
  });

  it('is not acknowledged when what goes beside it takes too long', async () => {
    const clock = manualClock();
    const engine = new MemoryEngine();
    engine.held = new Promise(() => {});
    const { recorder } = rigRecorder(Object.assign(engine, { dir: await tempFolder() }), {
      clock,
      ackTimeoutMs: 50,
    });
    const appended = recorder.append({ action: 'a', details: { text: 'x'.repeat(100_000) } });
    const refused = expect(appended).rejects.toMatchObject({ code: 'ERR_AUDIT_TIMEOUT', timeoutMs: 50 });
    await clock.advance(50);
    await refused;
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('events that were dropped', () => {
  it('are told of in the log as soon as it takes entries again', async () => {
    const engine = new MemoryEngine();
    const clock = manualClock();
    const { recorder } = rigRecorder(engine, { clock });
    engine.failure = broken;
    for (let n = 0; n < 5; n++) recorder.note({ action: 'lost' });
    recorder.note({ action: '' });
    await settled();
    expect(recorder.gaps).toMatchObject({ total: 6, pending: true });
    engine.failure = undefined;
    await recorder.append({ action: 'found' });
    await settled();
    expect(engine.events).toMatchObject([
      { action: 'found' },
      { action: 'audit.gap', details: { dropped: 6, reasons: { ERR_AUDIT_WRITE: 5, ERR_AUDIT_EVENT: 1 } } },
    ]);
    expect(recorder.gaps.pending).toBe(false);
  });

  it('are counted on while the log still refuses', async () => {
    const engine = new MemoryEngine();
    const { recorder } = rigRecorder(engine);
    engine.failure = broken;
    recorder.note({ action: 'lost', tenant: 'acme' });
    await settled();
    await Promise.all([recorder.writeGaps(), recorder.writeGaps()]);
    recorder.note({ action: 'lost', tenant: 'acme' });
    await settled();
    engine.failure = undefined;
    await recorder.writeGaps();
    expect(engine.events).toMatchObject([{ action: 'audit.gap', tenant: 'acme', details: { dropped: 2 } }]);
  });

  it('belong to nobody when they name no possible tenant', async () => {
    const engine = new MemoryEngine();
    const { recorder } = rigRecorder(engine);
    recorder.note({ action: 'a', tenant: '' });
    recorder.note(undefined as never);
    await settled();
    await recorder.writeGaps();
    expect(engine.events).toMatchObject([{ tenant: 'default', details: { dropped: 2 } }]);
  });
});
