import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { withFolder } from '../../src/audit/fill.ts';
import { verifications } from '../../src/suites/audit-verify.ts';

it('verifies every entry in each way', () =>
  withFolder(async (folder) => {
    const found = await Promise.all((await verifications(folder, 700)).map(({ run }) => run()));
    expect(found).toEqual([700, 700, 700]);
  }));

it('finds a changed entry in the log and in the chain', () =>
  withFolder(async (folder) => {
    const [, log, chain] = await verifications(folder, 300);
    const file = path.join(folder, 'chain.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('session-0', 'session-1'));
    appendFileSync(path.join(folder, 'log/logs/default/tile/entries/000'), 'x');
    expect(await log?.run()).toBe(-1);
    expect(await chain?.run()).toBe(-1);
  }));
