import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/output/markdown.ts';
import { simulated, timed } from './reports.ts';

const machine = { name: '2 x Example (linux x64)', load: '0.10 0.20 0.30' };
const date = new Date('2026-01-02T03:04:05Z');

describe('renderMarkdown', () => {
  const page = renderMarkdown(timed, 'What it is about.', machine, date);

  it('says when, where, on what and how busy', () => {
    for (const part of ['2026-01-02', 'v24.0.0', machine.name, machine.load, 'What it is about.']) {
      expect(page).toContain(part);
    }
  });

  it('holds the table', () => {
    expect(page).toContain(
      '| case | subject | ns/op | B/op | ratio | target |\n| :-- | :-- | --: | --: | --: | :-- |\n',
    );
    expect(page).toContain('| defaults | opossum | 1,234.5 | 2,000 | 30.90x |  |');
  });

  it('lists the targets that are missed', () => {
    expect(page).toContain('1 of 2 targets are missed:\n\n- consecutive (holdfast): ratio <= 2.4\n');
  });

  it('says so when all targets hold, and nothing when there are none', () => {
    const cases = timed.cases.map((each) => ({ ...each, ratio: 1 }));
    expect(renderMarkdown({ ...timed, cases }, '', machine, date)).toContain('All 2 targets hold.');
    expect(renderMarkdown(simulated, '', machine, date)).not.toContain('target');
  });

  it('speaks of ratios only where there are some', () => {
    expect(page).toContain('interleaved ratios to `await fn()`');
    expect(renderMarkdown(simulated, '', machine, date)).not.toContain('ratio');
  });
});
