import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Played } from '../../src/simulate/run-all.ts';
import { SCENARIOS } from '../../src/simulate/scenarios.ts';
import type { Outcome } from '../../src/simulate/simulate-fleet.ts';
import { SUBJECTS } from '../../src/simulate/subjects.ts';
import { writeReport } from '../../src/simulate/write-report.ts';
import { tagsOf } from './tags-of.ts';

const outcome = (backAfter: number | null, goodput: number): Outcome => ({
  figures: { 'load in the fault': 0.5, 'succeed in it, %': goodput, 'back after, s': backAfter },
  series: { calls: [10, 10], goodput: [goodput, goodput], load: [10, 20] },
  callsStarted: 20,
  callsEnded: 20,
});

/** Peers do better in goodput; ours is back after some seconds. */
const played = (backAfter: number): readonly Played[] =>
  SCENARIOS.map((scenario) => ({
    scenario,
    outcomes: SUBJECTS.map(({ subject }) =>
      subject === 'holdfast' ? outcome(backAfter, 5) : outcome(null, 9),
    ),
  }));

const size = { clients: 100, processes: 10, seed: 4 };
const provenance = {
  machine: { name: '2 x a processor', load: '0.10' },
  date: new Date('2026-11-21T10:00:00Z'),
  seconds: 12.3,
};

let folder: string;
beforeAll(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'simulation-')), 'new');
});
afterAll(() => rmSync(path.dirname(folder), { recursive: true }));

const page = () => readFileSync(path.join(folder, 'README.md'), 'utf8');

describe('writeReport', () => {
  it('writes a page, and a plot for each scenario to which the page points', () => {
    writeReport(folder, played(1), size, provenance);
    const plots = SCENARIOS.map(({ name }) => `${name}.svg`);
    expect(readdirSync(folder).sort()).toEqual(['README.md', ...plots].sort());
    for (const plot of plots) {
      const tags = tagsOf(readFileSync(path.join(folder, plot), 'utf8'));
      expect(tags.filter(({ name }) => name === 'g')).toHaveLength(SUBJECTS.length);
      expect(page()).toContain(`](${plot})`);
    }
  });

  it('has a table with every case for each scenario, and says what it assumes before them', () => {
    writeReport(folder, played(1), size, provenance);
    for (const { name, subject } of SUBJECTS) {
      expect(page().split(`\n| ${name} | ${subject} |`)).toHaveLength(1 + SCENARIOS.length);
    }
    expect(page().indexOf('## Assumptions')).toBeLessThan(page().indexOf(`## ${SCENARIOS[0]?.title}`));
    expect(page()).toContain('about 5 calls\n  a second');
    expect(page()).toContain('on 2026-11-21, with Node');
    expect(page()).not.toMatch(/undefined|NaN/);
  });

  it('says where a peer does better', () => {
    writeReport(folder, played(1), size, provenance);
    for (const { title } of SCENARIOS)
      expect(page()).toContain(`| ${title} | succeed in it, % | 5 | 9 | p-retry`);
  });

  it('says whether the targets hold', () => {
    writeReport(folder, played(2), size, provenance);
    expect(page()).toContain('Both hold');
    writeReport(folder, played(3), size, provenance);
    expect(page()).toContain('2 of 4 are missed');
    expect(page()).toContain('back after, s <= 2 ✗');
  });
});

describe('the page in the documentation', () => {
  const docs = path.join(import.meta.dirname, '..', '..', '..', 'docs', 'simulation');

  it('is of a run at full scale that keeps its targets', () => {
    const committed = readFileSync(path.join(docs, 'README.md'), 'utf8');
    expect(committed).toContain('100,000 clients call a dependency through 1,000 processes');
    expect(committed).toContain('Both hold');
    for (const { name, title } of SCENARIOS) {
      expect(committed).toContain(`## ${title}\n`);
      tagsOf(readFileSync(path.join(docs, `${name}.svg`), 'utf8'));
    }
  });
});
