import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { AuditOverloadedError } from '../src/errors.ts';
import { withContext } from '../src/events/context.ts';
import { createGuard, type AuditMode } from '../src/guard.ts';
import { MemoryEngine, rigRecorder } from './rig.ts';

const EVENT = { action: 'credential.issued', resource: { type: 'credential', id: 'lease-1' } };
const MODES: readonly AuditMode[] = ['strict', 'buffered', 'best-effort'];
const full = new AuditOverloadedError(7);

function rig(mode: AuditMode) {
  const engine = new MemoryEngine();
  const clock = manualClock();
  const { recorder } = rigRecorder(engine, { clock });
  let ids = 0;
  const guard = createGuard({ recorder, mode, clock, newId: () => `id-${ids++}` });
  return { engine, clock, recorder, guard };
}

/** Lets everything that is ready happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A promise that is resolved from outside. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe.each(MODES)('a guarded action in mode %s', (mode) => {
  it('is announced before it starts and concluded after it ended', async () => {
    const { engine, guard, clock } = rig(mode);
    const result = await guard(EVENT, async () => {
      await settled();
      expect(engine.events.map(({ outcome }) => outcome)).toEqual(['pending']);
      await clock.advance(25);
      return 'secret';
    });
    await settled();
    expect(result).toBe('secret');
    expect(engine.events).toMatchObject([
      { ...EVENT, id: 'id-0', outcome: 'pending' },
      { ...EVENT, intent: 'id-0', outcome: 'success', details: { durationMs: 25 } },
    ]);
    expect(engine.events[1]).not.toHaveProperty('id');
  });

  it('that fails is logged as such, without its message, and its error reaches the caller', async () => {
    const { engine, guard } = rig(mode);
    const error = new RangeError('with pa55word');
    await expect(guard(EVENT, () => Promise.reject(error))).rejects.toBe(error);
    await settled();
    expect(engine.events[1]).toMatchObject({ outcome: 'failure', reason: 'RangeError' });
    expect(JSON.stringify(engine.events)).not.toContain('pa55word');
  });

  it.each([{ status: 403 }, { statusCode: 401 }, { code: 'EACCES' }, { code: 'ERR_ACCESS_DENIED' }])(
    'that is refused is logged as denied: %o',
    async (marks) => {
      const { engine, guard } = rig(mode);
      const refusal = () => {
        throw Object.assign(new Error('no'), marks);
      };
      await expect(guard(EVENT, refusal)).rejects.toMatchObject(marks);
      await settled();
      expect(engine.events[1]).toMatchObject({ outcome: 'denied' });
    },
  );

  it('is judged and described by the caller where that is asked for', async () => {
    const { engine, guard } = rig(mode);
    await guard({ ...EVENT, details: { a: 1 } }, () => 7, { describe: (value) => ({ value }) });
    await expect(guard(EVENT, () => Promise.reject(7), { isDenied: (error) => error === 7 })).rejects.toBe(7);
    await settled();
    expect(engine.events[1]?.details).toMatchObject({ a: 1, value: 7 });
    expect(engine.events[3]).toMatchObject({ outcome: 'denied', reason: 'number' });
  });

  it('has the context of its caller in both entries', async () => {
    const { engine, guard } = rig(mode);
    await withContext({ tenant: 'acme', requestId: 'r1' }, () => guard(EVENT, settled));
    await settled();
    expect(engine.events.map(({ tenant, requestId }) => [tenant, requestId])).toEqual([
      ['acme', 'r1'],
      ['acme', 'r1'],
    ]);
  });
});

describe('strict', () => {
  it('starts no action that it could not announce', async () => {
    const { engine, guard } = rig('strict');
    engine.failure = full;
    let ran = false;
    await expect(guard(EVENT, () => (ran = true))).rejects.toBe(full);
    expect(ran).toBe(false);
  });

  it('starts no action before the announcement is on the disk', async () => {
    const { engine, guard } = rig('strict');
    const { opened, open } = gate();
    engine.held = opened;
    let ran = false;
    const guarded = guard(EVENT, () => (ran = true));
    await settled();
    expect(ran).toBe(false);
    open();
    await guarded;
    expect(ran).toBe(true);
  });

  it('gives out no result whose outcome it could not write, and the log says later that it does not know', async () => {
    const { engine, guard, recorder } = rig('strict');
    const guarded = guard(EVENT, () => {
      engine.failure = full;
      return 'secret';
    });
    await expect(guarded).rejects.toBe(full);
    engine.failure = undefined;
    await recorder.writeGaps();
    expect(engine.events.map(({ action }) => action)).toEqual([EVENT.action, 'audit.gap']);
  });

  it('hands on the error of the action even when the log fails as well', async () => {
    const { engine, guard } = rig('strict');
    const error = new Error('own');
    const guarded = guard(EVENT, () => {
      engine.failure = full;
      throw error;
    });
    await expect(guarded).rejects.toBe(error);
  });

  it('hands on the error of the action even when it cannot be looked at, and counts what is not told', async () => {
    const { engine, guard, recorder } = rig('strict');
    const error = Object.defineProperty(new Error('own'), 'status', {
      get: () => {
        throw new Error('no');
      },
    });
    await expect(guard(EVENT, () => Promise.reject(error))).rejects.toBe(error);
    const isDenied = () => {
      throw new Error('no');
    };
    await expect(guard(EVENT, () => Promise.reject(error), { isDenied })).rejects.toBe(error);
    expect(engine.events.map(({ outcome }) => outcome)).toEqual(['pending', 'pending', 'failure']);
    expect(recorder.gaps.total).toBe(2);
  });

  it('refuses an event that cannot be written before anything is done', async () => {
    const { guard } = rig('strict');
    let ran = false;
    await expect(guard({ ...EVENT, details: { n: 1n } }, () => (ran = true))).rejects.toThrow(
      'details.n must be JSON',
    );
    expect(ran).toBe(false);
  });
});

describe('buffered', () => {
  it('starts the action while the announcement waits for the disk', async () => {
    const { engine, guard } = rig('buffered');
    const { opened, open } = gate();
    engine.held = opened;
    expect(await guard(EVENT, () => 'done')).toBe('done');
    expect(engine.events).toEqual([]);
    open();
    await settled();
    expect(engine.events.map(({ outcome }) => outcome)).toEqual(['pending', 'success']);
  });

  it('starts no action when the log takes no entry', async () => {
    const { engine, guard, recorder } = rig('buffered');
    engine.failure = full;
    let ran = false;
    await expect(guard(EVENT, () => (ran = true))).rejects.toBe(full);
    expect([ran, recorder.gaps.total]).toEqual([false, 0]);
  });

  it('counts what the disk refused later', async () => {
    const { engine, guard, recorder } = rig('buffered');
    const { opened, open } = gate();
    engine.held = opened;
    await guard(EVENT, () => 'done');
    engine.failure = full;
    open();
    await settled();
    expect(recorder.gaps.total).toBe(2);
  });
});

describe('best effort', () => {
  it('runs the action whatever the log does, and the log says how many events it lacks', async () => {
    const { engine, guard, clock } = rig('best-effort');
    engine.failure = full;
    expect(await guard(EVENT, () => 'done')).toBe('done');
    await clock.advance(1000);
    expect(await withContext({ tenant: 'acme' }, () => guard(EVENT, () => 'done'))).toBe('done');
    await settled();
    engine.failure = undefined;
    await guard({ action: 'back' }, () => 0);
    await settled();
    const gaps = engine.events.filter(({ action }) => action === 'audit.gap');
    const reasons = { ERR_AUDIT_OVERLOADED: 2 };
    expect(gaps).toMatchObject([
      {
        tenant: 'default',
        outcome: 'failure',
        details: { dropped: 2, reasons, from: '2026-01-01T00:00:00.000Z' },
      },
      { tenant: 'acme', details: { dropped: 2, reasons, to: '2026-01-01T00:00:01.000Z' } },
    ]);
  });

  it('runs the action although the event cannot even be made', async () => {
    const { guard, recorder } = rig('best-effort');
    const hostile = { ...EVENT, get details(): Record<string, unknown> { throw new Error('no'); } }; // prettier-ignore
    expect(await guard(Object.create(hostile) as typeof EVENT, () => 'done')).toBe('done');
    expect(await guard({ ...EVENT, details: { n: 1n } }, () => 'done')).toBe('done');
    await settled();
    expect(recorder.gaps.total).toBe(4);
  });
});
