import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { AuditWriteError } from '../../src/errors.ts';
import { eventsOf, MemoryEngine, openTestEngine, rigRecorder, tempFolder } from '../rig.ts';

describe('an event with an id', () => {
  it('is written once, however often it is sent at the same time', async () => {
    const engine = new MemoryEngine();
    const { recorder, ids } = rigRecorder(engine);
    const sent = Array.from({ length: 10 }, () => recorder.append({ action: 'a', id: 'x' }));
    const answers = await Promise.all(sent);
    expect(new Set(answers.map(({ index }) => index))).toEqual(new Set([0]));
    expect(engine.events).toHaveLength(1);
    expect(ids.duplicates).toBe(9);
  });

  it('is another one in another tenant', async () => {
    const engine = new MemoryEngine();
    const { recorder } = rigRecorder(engine);
    for (const tenant of ['a', 'b']) await recorder.append({ action: 'a', id: 'x', tenant });
    expect(engine.events).toHaveLength(2);
  });

  it('may be sent again when it was not written', async () => {
    const engine = new MemoryEngine();
    const { recorder } = rigRecorder(engine);
    engine.failure = new AuditWriteError(new Error('EIO'));
    await expect(recorder.append({ action: 'a', id: 'x' })).rejects.toBe(engine.failure);
    engine.failure = undefined;
    await recorder.append({ action: 'a', id: 'x' });
    expect(engine.events).toHaveLength(1);
  });

  it('is remembered for a time and among a number of others', async () => {
    const engine = new MemoryEngine();
    const clock = manualClock();
    const { recorder } = rigRecorder(engine, { clock, windowMs: 1000, maxIds: 2 });
    const send = (id: string) => recorder.append({ action: 'a', id });
    await send('x');
    await clock.advance(1000);
    expect((await send('x')).index).toBe(0);
    await clock.advance(1);
    expect((await send('x')).index).toBe(1);
    for (const id of ['y', 'z']) await send(id);
    expect((await send('x')).index).toBe(4);
    expect((await send('z')).index).toBe(3);
  });

  it('is remembered when the process died before it could answer', async () => {
    const dir = await tempFolder();
    const before = await openTestEngine(dir);
    await rigRecorder(before).recorder.append({ action: 'a', id: 'x', tenant: 'acme' });
    await before.append('acme', Buffer.from('not JSON, "id":'));
    await before.close();
    const after = await openTestEngine(dir);
    const again = await rigRecorder(after).recorder.append({ action: 'a', id: 'x', tenant: 'acme' });
    expect(again).toMatchObject({ tenant: 'acme', index: 0 });
    expect(again.leafHash).toHaveLength(32);
    expect(after.size('acme')).toBe(2);
  });

  it('is forgotten when it was written too long ago', async () => {
    const dir = await tempFolder();
    const engine = await openTestEngine(dir);
    await rigRecorder(engine).recorder.append({ action: 'a', id: 'x', atMs: 0 });
    await rigRecorder(engine).recorder.append({ action: 'a', id: 'x' });
    expect(await eventsOf(engine)).toHaveLength(2);
  });
});
