import { describe, expect, it } from 'vitest';
import {
  cosigner,
  openNote,
  parseNote,
  parsePolicy,
  signNote,
  startWitnessing,
  trustLog,
  WitnessError,
} from '@holdfast/audit';
import { buildLog, numbered } from '../log-fixture.ts';
import { growingLog, witnessRig } from './rig.ts';

const smallLog = async (size = 3, origin = 'audit.example/test') =>
  growingLog(await buildLog({ origin, entries: numbered(20) }), size);

describe('a round', () => {
  it('publishes the checkpoint with the cosignatures of the quorum', async () => {
    const log = await smallLog();
    const { witnessing, events } = await witnessRig([log], { count: 2 });
    await witnessing.round();
    expect(log.published).toHaveLength(1);
    const { signatures } = parseNote(log.published[0] ?? '');
    expect(signatures.map(({ name }) => name)).toEqual(['audit.example/test', 'w1.example', 'w2.example']);
    expect(
      openNote(log.published[0] ?? '', [...trustLog(log.log.vkey).logs.map((each) => each.verifier)]).text,
    ).toContain('\n3\n');
    expect(events).toMatchObject([{ type: 'audit.checkpoint_witnessed', size: 3, witnesses: ['w1', 'w2'] }]);
    expect(witnessing.stats()).toMatchObject({ published: 1, missed: 0, behindMs: 0 });
  });

  it('tells a witness from where the log has grown, with a proof', async () => {
    const log = await smallLog(3);
    const { witnessing, witnesses } = await witnessRig([log]);
    await witnessing.round();
    log.size = 17;
    await witnessing.round();
    expect(log.published).toHaveLength(2);
    const requests = witnesses[0]?.requests ?? [];
    expect(requests.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 3']);
    expect(requests[0]?.split('\n')[1]).toBe('');
    expect(requests[1]?.split('\n')[1]).toHaveLength(44);
  });

  it('leaves a log alone that has not grown', async () => {
    const log = await smallLog();
    const { witnessing, witnesses } = await witnessRig([log]);
    await witnessing.round();
    await witnessing.round();
    expect(witnesses[0]?.requests).toHaveLength(1);
  });

  it('asks a witness that knows more than we remember for its size, and goes on from there', async () => {
    const log = await smallLog(5);
    const before = await witnessRig([log]);
    await before.witnessing.round();
    const known = before.witnesses[0];
    if (known === undefined) throw new Error('no witness');
    log.size = 9;
    const { witnessing, witnesses } = await witnessRig([log]);
    // A new process that talks to the old witness.
    Object.assign(witnesses[0] ?? {}, { witness: known.witness });
    await witnessing.round();
    expect(witnesses[0]?.requests.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 5']);
  });

  it('runs every minute, and not after each entry', async () => {
    const log = await smallLog(3);
    const { clock, witnesses } = await witnessRig([log]);
    await clock.advance(59_999);
    expect(witnesses[0]?.requests).toHaveLength(0);
    await clock.advance(1);
    await expect.poll(() => log.published.length).toBe(1);
    expect(clock.refedTimers).toBe(0);
  });

  it('takes as many logs as there are', async () => {
    const logs = await Promise.all(Array.from({ length: 30 }, (_, i) => smallLog(1, `audit.example/t${i}`)));
    const { witnessing } = await witnessRig(logs);
    await witnessing.round();
    expect(logs.every((log) => log.published.length === 1)).toBe(true);
    expect(witnessing.stats().published).toBe(30);
  });

  it('passes over a log without a checkpoint', async () => {
    const { witnessing, events } = await witnessRig([]);
    const empty = startWitnessing({
      policy: parsePolicy('quorum none\n'),
      logs: () => [{ head: () => undefined, publish: () => Promise.reject(new Error('never')) }],
    });
    await Promise.all([witnessing.round(), empty.round()]);
    await empty.close();
    expect(events).toEqual([]);
  });
});

describe('nothing is published as witnessed that is not', () => {
  const answers: readonly (readonly [string, () => Response | Promise<Response>, string])[] = [
    ['does not know the log', () => new Response('', { status: 404 }), 'unknown-log'],
    ['does not accept the signature', () => new Response('', { status: 403 }), 'bad-signature'],
    ['does not accept the proof', () => new Response('', { status: 422 }), 'bad-proof'],
    ['finds the request malformed', () => new Response('', { status: 400 }), 'bad-answer'],
    ['answers with nothing', () => new Response('', { status: 200 }), 'bad-answer'],
    ['answers with nonsense', () => new Response('— w1.example AAAA', { status: 200 }), 'bad-answer'],
    [
      'answers with a signature of nobody',
      () => new Response('— w1.example AAAAAAAAAAAA\n', { status: 200 }),
      'bad-answer',
    ],
    ['has another tree of the same size', () => new Response('', { status: 409 }), 'forked'],
    [
      'has a larger tree',
      () => new Response('400\n', { status: 409, headers: { 'content-type': 'text/x.tlog.size' } }),
      'rolled-back',
    ],
    [
      'names sizes in turn for ever',
      (() => {
        let size = 0;
        return () =>
          new Response(`${(size = 3 - size)}\n`, {
            status: 409,
            headers: { 'content-type': 'text/x.tlog.size' },
          });
      })(),
      'bad-answer',
    ],
  ];

  it.each(answers)('when the witness %s', async (_, fault, expected) => {
    const log = await smallLog(3);
    const { witnessing, witnesses, events } = await witnessRig([log]);
    Object.assign(witnesses[0] ?? {}, { fault });
    await witnessing.round();
    expect(log.published).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['audit.witness_failed', 'audit.quorum_missed']);
    const [failed] = events;
    const error = failed?.type === 'audit.witness_failed' ? failed.error : undefined;
    expect(error).toBeInstanceOf(WitnessError);
    expect(error).toMatchObject({ code: 'ERR_AUDIT_WITNESS', witness: 'w1', fault: expected });
    expect(witnessing.stats()).toMatchObject({ published: 0, missed: 1, lastPublishedAtMs: undefined });
  });

  it('when a cosignature is that of another checkpoint', async () => {
    const log = await smallLog(3);
    const rig = await witnessRig([log]);
    await rig.witnessing.round();
    const [line = ''] = (log.published[0] ?? '').split('\n').slice(-2);
    log.size = 4;
    Object.assign(rig.witnesses[0] ?? {}, { fault: () => new Response(`${line}\n`) });
    await rig.witnessing.round();
    expect(log.published).toHaveLength(1);
  });

  it('when a cosignature is true, but of a text that the answer itself goes on', async () => {
    const log = await smallLog(3);
    const { witnessing, witnesses, events } = await witnessRig([log]);
    const [witness] = witnesses;
    if (witness === undefined) throw new Error('no witness');
    const signed = await signNote(`${log.head()?.note ?? ''}more\n`, [
      cosigner('w1.example', witness.signer),
    ]);
    witness.fault = () => new Response(signed.slice(log.head()?.note.length));
    await witnessing.round();
    expect(log.published).toEqual([]);
    expect(events[0]).toMatchObject({ error: { fault: 'bad-answer' } });
  });

  it('when one witness of a quorum of two is away', async () => {
    const log = await smallLog(3);
    const { clock, witnessing, witnesses, events } = await witnessRig([log], { count: 3, quorum: '2' });
    const gone = () => Promise.reject(new TypeError('connection refused'));
    Object.assign(witnesses[0] ?? {}, { fault: gone });
    const enough = witnessing.round();
    await clock.run(clock.now() + 30_000);
    await enough;
    expect(log.published).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'audit.checkpoint_witnessed', witnesses: ['w2', 'w3'] });
    Object.assign(witnesses[1] ?? {}, { fault: gone });
    log.size = 9;
    const tooFew = witnessing.round();
    await clock.run(clock.now() + 30_000);
    await tooFew;
    expect(log.published).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'audit.quorum_missed', witnesses: ['w3'], size: 9 });
    expect(witnessing.stats().behindMs).toBeGreaterThan(0);
  });

  it('when the file cannot be written; the next round tries again', async () => {
    const log = await smallLog(3);
    const { publish } = log;
    log.publish = () => Promise.reject(new Error('ENOSPC'));
    const { witnessing, events } = await witnessRig([log]);
    await witnessing.round();
    expect(events).toMatchObject([{ type: 'audit.witness_failed', witness: undefined }]);
    log.publish = publish;
    await witnessing.round();
    expect(log.published).toHaveLength(1);
  });
});

it('a witness that lied about its size once is believed no longer than the round', async () => {
  const log = await smallLog(3);
  const { witnessing, witnesses } = await witnessRig([log]);
  const headers = { 'content-type': 'text/x.tlog.size' };
  Object.assign(witnesses[0] ?? {}, { fault: () => new Response('400\n', { status: 409, headers }) });
  await witnessing.round();
  expect(log.published).toEqual([]);
  Object.assign(witnesses[0] ?? {}, { fault: undefined });
  await witnessing.round();
  expect(log.published).toHaveLength(1);
});

describe('a witness is a dependency', () => {
  it('is tried again when it is overloaded', async () => {
    const log = await smallLog(3);
    const { clock, witnessing, witnesses } = await witnessRig([log]);
    const [witness] = witnesses;
    Object.assign(witness ?? {}, {
      fault: () => {
        Object.assign(witness ?? {}, { fault: undefined });
        return new Response('', { status: 503 });
      },
    });
    const round = witnessing.round();
    await clock.run(clock.now() + 30_000);
    await round;
    expect(log.published).toHaveLength(1);
    expect(witness?.requests).toHaveLength(2);
  });

  it('is given up on after its timeout, without holding up the others', async () => {
    const log = await smallLog(3);
    const { clock, witnessing, witnesses } = await witnessRig([log], {
      count: 2,
      quorum: 'any',
      timeoutMs: 1_000,
    });
    Object.assign(witnesses[0] ?? {}, { fault: () => new Promise<Response>(() => {}) });
    const round = witnessing.round();
    await clock.run(clock.now() + 50_000);
    await round;
    expect(log.published).toHaveLength(1);
  });

  it('is left in peace for a while when it fails again and again', async () => {
    const log = await smallLog(1);
    const { clock, witnessing, witnesses } = await witnessRig([log], { everyMs: 1_000_000 });
    Object.assign(witnesses[0] ?? {}, { fault: () => new Response('', { status: 500 }) });
    for (let i = 0; i < 4; i++) {
      const round = witnessing.round();
      await clock.run(clock.now() + 6_000);
      await round;
    }
    expect(witnesses[0]?.requests.length).toBeLessThan(9);
  });

  it('cannot make us read without end', async () => {
    const log = await smallLog(3);
    const { clock, witnessing, witnesses, events } = await witnessRig([log]);
    Object.assign(witnesses[0] ?? {}, { fault: () => new Response('x'.repeat(70_000)) });
    const round = witnessing.round();
    await clock.run(clock.now() + 30_000);
    await round;
    expect(events[0]).toMatchObject({ error: { code: 'ERR_AUDIT_REMOTE' } });
  });

  it('is not followed to where it redirects', async () => {
    const log = await smallLog(3);
    const { witnessing, witnesses, events } = await witnessRig([log]);
    const elsewhere = { status: 307, headers: { location: 'https://elsewhere.example/' } };
    Object.assign(witnesses[0] ?? {}, { fault: () => new Response('', elsewhere) });
    await witnessing.round();
    expect(events[0]).toMatchObject({ error: { fault: 'bad-answer' } });
    expect(witnesses[0]?.requests).toHaveLength(1);
  });
});

describe('close', () => {
  it('ends what is under way and plans no more', async () => {
    const log = await smallLog(3);
    const { clock, witnessing, witnesses, events } = await witnessRig([log]);
    Object.assign(witnesses[0] ?? {}, { fault: () => new Promise<Response>(() => {}) });
    const round = witnessing.round();
    await clock.advance(0);
    await Promise.all([witnessing.close(), witnessing.close(), round]);
    expect(events).toEqual([]);
    expect(log.published).toEqual([]);
    expect(clock.refedTimers).toBe(0);
  });
});

describe('startWitnessing', () => {
  it('refuses options that are none', () => {
    const logs = () => [];
    const policy = parsePolicy('quorum none\n');
    expect(() => startWitnessing({ policy, logs, everyMs: 0 })).toThrow(
      'startWitnessing: everyMs must be an integer >= 1',
    );
    expect(() => startWitnessing({ policy, logs: [] as never })).toThrow(
      'startWitnessing: logs must be a function',
    );
  });
});
