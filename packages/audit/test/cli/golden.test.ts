import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildLog } from '../log-fixture.ts';
import { logDirectory, runProcess, tenantLog } from './rig.ts';

const EVENTS = [
  ['session.created', 'success', 'bob'],
  ['credential.issued', 'denied', 'eve'],
  ['session.terminated', 'success', 'bob'],
].map(([action, outcome, id], i) =>
  Buffer.from(
    JSON.stringify({
      action,
      actor: { id, type: 'user' },
      outcome,
      resource: { id: `r${i}`, type: 'thing' },
      tenant: 'acme',
      time: `2026-11-21T12:00:0${i}.000Z`,
      v: 1,
    }),
  ),
);

/** The log of one tenant with three events that do not change. */
async function golden() {
  const log = await logDirectory({ acme: 3 });
  log.rewrite('acme', await buildLog({ ...tenantLog(log, 'acme'), entries: EVENTS }));
  return { ...log, trust: ['--key', log.key] };
}

describe('what the process prints, to the letter', () => {
  it('of query', async () => {
    const { dir, trust } = await golden();
    expect(runProcess(['query', dir, ...trust])).toEqual({
      status: 0,
      stdout:
        '       0  2026-11-21T12:00:00.000Z  session.created  success  bob  thing r0\n' +
        '       1  2026-11-21T12:00:01.000Z  credential.issued  denied  eve  thing r1\n' +
        '       2  2026-11-21T12:00:02.000Z  session.terminated  success  bob  thing r2\n',
      stderr: '',
    });
    expect(runProcess(['query', dir, ...trust, '--outcome', 'denied', '--json']).stdout).toBe(
      `{"index":1,"event":${EVENTS[1]?.toString()}}\n`,
    );
  });

  it('of export', async () => {
    const { dir, trust } = await golden();
    const { status, stdout } = runProcess(['export', dir, ...trust, '--actor', 'bob']);
    expect(status).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number });
    expect(lines.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('of tail', async () => {
    const { dir, trust } = await golden();
    expect(runProcess(['tail', dir, ...trust, '--lines', '1'])).toEqual({
      status: 0,
      stdout: '       2  2026-11-21T12:00:02.000Z  session.terminated  success  bob  thing r2\n',
      stderr: '',
    });
  });

  it('of prove and check-proof', async () => {
    const { dir, trust, file } = await golden();
    const { status, stdout } = runProcess(['prove', dir, '1', ...trust, '--entry', file('1.json')]);
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 1']);
    expect(lines.slice(4, 7)).toEqual(['', 'audit.example/prod/acme', '3']);
    expect(readFileSync(file('1.json'))).toEqual(EVENTS[1]);
    expect(runProcess(['check-proof', file('1.tlog-proof', stdout), file('1.json'), ...trust])).toEqual({
      status: 0,
      stdout: 'holds  entry 1 of audit.example/prod/acme, which had 3 entries\n',
      stderr: '',
    });
  });

  it('of verify, when files are missing', async () => {
    const { dir, trust } = await golden();
    rmSync(path.join(dir, 'logs/acme/tile'), { recursive: true });
    expect(runProcess(['verify', dir, ...trust])).toEqual({
      status: 1,
      stdout:
        'BROKEN audit.example/prod/acme  3 entries, 0 read\n' +
        '       tile/entries/000.p/3 is missing\n' +
        '       tile/0/000.p/3 is missing\n' +
        '       what the log holds does not lead to the root that was signed\n',
      stderr: '',
    });
  });

  it('of mistakes', async () => {
    const { dir } = await golden();
    expect(runProcess(['verify', dir]).stderr).toBe(
      'holdfast-audit: whom to trust? Give the verifier key of the log with --key FILE, or --policy FILE with a log line.\n' +
        'Take it from where the log cannot change it: a key that lies beside the log proves nothing.\n',
    );
    expect(runProcess(['verfy']).stderr).toBe(
      'holdfast-audit: there is no such command; there are verify, prove, check-proof, tail, query, export, prune, erase, fsck, keygen\n',
    );
    expect(runProcess(['prune', dir]).stderr).toBe(
      'holdfast-audit: prune needs --keep-days N and --name TEXT: without a declared policy nothing is removed\n',
    );
  });
});
