import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { walkthrough } from '../../../docs/guides/credentials/walkthrough.ts';
import { hasKeygen } from './backends/ssh/ssh-rig.ts';

const guide = readFileSync(new URL('../../../docs/guides/credentials.md', import.meta.url), 'utf8');

it.skipIf(!hasKeygen)('the walkthrough of the guide runs, and prints what the guide says', async () => {
  const [, shown = ''] = /```text\n(A role in PostgreSQL\n[^]*?)```/.exec(guide) ?? [];
  const printed: string[] = [];
  await walkthrough((line) => printed.push(line));
  expect(printed).toEqual(shown.trimEnd().split('\n'));
});
