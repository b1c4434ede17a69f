import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withContext } from '../../src/events/context.ts';
import { diskFiles } from '../../src/files/disk-files.ts';
import type { AuditEngine } from '../../src/log/engine.ts';
import { commitmentTo } from '../../src/personal/commitment.ts';
import { eraseSubject } from '../../src/personal/erase-subject.ts';
import { personalPaths } from '../../src/personal/personal-paths.ts';
import { PersonalStore } from '../../src/personal/personal-store.ts';
import { reveal } from '../../src/personal/reveal.ts';
import { eventsOf, openTestEngine, rigRecorder, tempFolder } from '../rig.ts';
import { spellings } from '../spellings.ts';

const FIELDS = ['actor.id', 'actor.name', 'where.ip', 'reason', 'details.email', 'details.guests.name'];

async function openStore(dir: string, fields = FIELDS): Promise<PersonalStore> {
  const store = await PersonalStore.open(dir, personalPaths(fields));
  onTestFinished(() => store.close());
  return store;
}

async function rig(dir?: string) {
  const folder = dir ?? (await tempFolder());
  const engine = await openTestEngine(folder);
  const personal = await openStore(folder);
  const { recorder } = rigRecorder(engine, { personal });
  return { dir: folder, engine, personal, recorder };
}

/** An event of a person, with a value of theirs in every personal field and far more than fits one page. */
const eventOf = (person: string) => ({
  action: 'account.visited',
  tenant: 'acme',
  subject: person,
  actor: { type: 'user', id: `${person}-id`, name: `${person}-name` },
  where: { ip: `${person}-ip`, service: 'web' },
  reason: `${person}-reason`,
  details: {
    email: `${person}@mail.example`,
    guests: [{ name: `${person}-guest` }, { name: `${person}-long${'y'.repeat(6000)}`, seat: 2 }],
    plan: 'free',
  },
});

/** The files under a folder in which a person shows, in any spelling. */
async function filesWith(dir: string, person: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // A draft may be put in place meanwhile.
    const bytes = (await diskFiles.read(path.join(entry.parentPath, entry.name))) ?? [];
    const text = Buffer.from(bytes);
    for (const form of spellings(person).values()) if (text.includes(form)) found.push(entry.name);
  }
  return [...new Set(found)];
}

async function revealed(engine: AuditEngine, personal: PersonalStore, index: number): Promise<unknown> {
  const event = (await eventsOf(engine, 'acme'))[index];
  return reveal(event, await personal.find(event?.personal?.ref ?? -1));
}

describe('personal fields', () => {
  it('are commitments in the log, which says which fields they are', async () => {
    const { recorder, engine } = await rig();
    await recorder.append(eventOf('ann'));
    const [event] = await eventsOf(engine, 'acme');
    const commitment = expect.stringMatching(/^sha256:[\w-]{43}$/) as string;
    expect(event).toMatchObject({
      actor: { type: 'user', id: commitment, name: commitment },
      where: { ip: commitment, service: 'web' },
      details: {
        email: commitment,
        guests: [{ name: commitment }, { name: commitment, seat: 2 }],
        plan: 'free',
      },
      personal: { fields: [...FIELDS].sort(), ref: 1 },
    });
  });

  it('have another commitment each time, so that equal values do not show', async () => {
    const { recorder, engine } = await rig();
    for (let n = 0; n < 300; n++) void recorder.append({ action: 'a', where: { ip: '::1' } });
    await recorder.append({ action: 'a', where: { ip: '::1' } });
    const ips = (await eventsOf(engine)).map(({ where }) => where?.ip);
    expect(new Set(ips).size).toBe(301);
  });

  it('are on the disk once the event is acknowledged', async () => {
    const { recorder, dir } = await rig();
    await recorder.append(eventOf('ann'));
    expect(await filesWith(dir, 'ann@mail.example')).not.toEqual([]);
    const again = await PersonalStore.open(dir, personalPaths(FIELDS));
    expect((await again.find(1)).size).toBe(7);
    await again.close();
  });

  it('can be read again, also by the next process', async () => {
    const first = await rig();
    await first.recorder.append(eventOf('ann'));
    await first.engine.close();
    await first.personal.close();
    const { recorder, engine, personal } = await rig(first.dir);
    await recorder.append(eventOf('bob'));
    const { subject: _, ...ann } = eventOf('ann');
    expect(await revealed(engine, personal, 0)).toMatchObject(ann);
    const { subject: __, ...bob } = eventOf('bob');
    expect(await revealed(engine, personal, 1)).toMatchObject(bob);
  });

  it('are not put back when they are not what was committed to', () => {
    const salt = 's'.repeat(32);
    const commitment = commitmentTo(salt, '"true"');
    const put = (json: string) => reveal({ a: [commitment] }, new Map([[commitment, { salt, json }]]));
    expect(put('"true"')).toEqual({ a: ['true'] });
    expect(put('"forged"')).toEqual({ a: [commitment] });
    expect(Object.keys(reveal(JSON.parse('{"__proto__":1}'), new Map()) as object)).toEqual(['__proto__']);
  });

  it('of whole objects are kept as a whole', async () => {
    const dir = await tempFolder();
    const engine = await openTestEngine(dir);
    const personal = await openStore(dir, ['details.address']);
    const { recorder } = rigRecorder(engine, { personal });
    const address = { street: 'Main', lines: [1, 2] };
    await recorder.append({ action: 'a', tenant: 'acme', details: { address } });
    expect((await eventsOf(engine, 'acme'))[0]?.details?.['address']).toMatch(/^sha256:/);
    expect(await revealed(engine, personal, 0)).toMatchObject({ details: { address } });
  });

  it('lose their secrets before they are kept', async () => {
    const dir = await tempFolder();
    const engine = await openTestEngine(dir);
    const personal = await openStore(dir, ['details.note']);
    const { recorder } = rigRecorder(engine, { personal, redaction: { secrets: ['c4nary-secret'] } });
    await recorder.append({ action: 'a', details: { note: 'x c4nary-secret', nest: { note: 'y' } } });
    expect(await filesWith(dir, 'c4nary-secret')).toEqual([]);
    expect([...(await personal.find(1)).values()]).toMatchObject([{ json: '"x [redacted]"' }]);
  });

  it('are only those that an event can have', () => {
    expect(() => personalPaths(['actor.email'])).toThrow(
      'openAudit: personal.fields[0] must be a path into details such as "details.email", or one of actor.id, actor.name',
    );
    expect(() => personalPaths(['details'])).toThrow('must be a path into details');
  });

  it('that cannot be kept keep the event from being acknowledged', async () => {
    const { recorder, personal } = await rig();
    await personal.close();
    await expect(recorder.append(eventOf('ann'))).rejects.toThrow('the audit log is closed');
    await expect(recorder.append({ action: 'a' })).resolves.toMatchObject({ index: 0 });
  });
});

describe('erasing a subject', () => {
  it('leaves nothing of it in any file, and everything of the others', async () => {
    const { dir, recorder, personal, engine } = await rig();
    const people = Array.from({ length: 40 }, (_, n) => `person${n}x`);
    for (let round = 0; round < 5; round++) {
      await Promise.all(people.map((person) => recorder.append(eventOf(person))));
    }
    expect(await filesWith(dir, 'person7x')).not.toEqual([]);
    for (const subject of people.filter((_, n) => n % 3 === 1)) {
      await eraseSubject({ personal, recorder }, { tenant: 'acme', subject });
    }
    await engine.flush();
    for (const [n, person] of people.entries()) {
      const files = await filesWith(dir, person);
      expect(files.length > 0, person).toBe(n % 3 !== 1);
    }
    const kept = await revealed(engine, personal, 0);
    expect(kept).toMatchObject({ details: { email: 'person0x@mail.example' } });
  });

  it('is itself in the log, without saying who it was', async () => {
    const { dir, recorder, personal, engine } = await rig();
    await recorder.append(eventOf('ann'));
    const erase = () =>
      eraseSubject(
        { personal, recorder },
        { tenant: 'acme', subject: 'ann', actor: { id: 'ann' }, reason: 'case 7' },
      );
    const report = await withContext({ actor: { id: 'ann' }, where: { ip: 'ann-ip' } }, erase);
    expect(report).toMatchObject({ events: 1, entry: { tenant: 'acme', index: 1 } });
    const events = await eventsOf(engine, 'acme');
    expect(events[1]).toMatchObject({ action: 'audit.erasure', details: { events: 1 } });
    expect((await erase()).events).toBe(0);
    const digests = (await eventsOf(engine, 'acme'))
      .slice(1)
      .map(({ details }) => details?.['subjectDigest']);
    expect(new Set(digests).size).toBe(1);
    await engine.flush();
    for (const value of ['ann-ip', 'ann@mail.example', 'ann-id'])
      expect(await filesWith(dir, value)).toEqual([]);
  });

  it('leaves the entries and their hashes as they are', async () => {
    const { recorder, personal, engine } = await rig();
    const before = await recorder.append(eventOf('ann'));
    const [entry] = await eventsOf(engine, 'acme');
    await eraseSubject({ personal, recorder }, { tenant: 'acme', subject: 'ann' });
    expect((await eventsOf(engine, 'acme'))[0]).toEqual(entry);
    const leaf = await engine.hashes('acme', 2).hash(0, 0);
    expect(Buffer.from(leaf)).toEqual(Buffer.from(before.leafHash));
  });

  it('is of one tenant', async () => {
    const { recorder, personal } = await rig();
    await recorder.append(eventOf('ann'));
    await recorder.append({ ...eventOf('ann'), tenant: 'other' });
    await eraseSubject({ personal, recorder }, { tenant: 'acme', subject: 'ann' });
    expect([(await personal.find(1)).size, (await personal.find(2)).size]).toEqual([0, 7]);
    const foreign = () => eraseSubject({ personal, recorder }, { tenant: 'other', subject: 'ann' });
    await expect(withContext({ tenant: 'acme' }, foreign)).rejects.toThrow(
      'tenant must be that of the context',
    );
  });

  it('includes what is on its way', async () => {
    const { recorder, personal, engine, dir } = await rig();
    const written = Array.from({ length: 50 }, () => recorder.append(eventOf('ann')));
    const { events } = await personal.erase({ tenant: 'acme', subject: 'ann' });
    await Promise.all(written);
    await engine.flush();
    expect(events).toBe(50);
    expect(await filesWith(dir, 'ann@mail.example')).toEqual([]);
  });

  it('never gives a number of an erased row to another', async () => {
    const { recorder, personal, dir } = await rig();
    await recorder.append(eventOf('ann'));
    await personal.erase({ tenant: 'acme', subject: 'ann' });
    await personal.close();
    const again = await openStore(dir);
    const draft = again.draft();
    draft.put('details.email', '"x"');
    expect(draft.reference()).toContain('"ref":2');
  });
});
