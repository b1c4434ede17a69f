import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderPlot } from './plot.ts';
import { renderReport, type Provenance } from './render-report.ts';
import type { Played } from './run-all.ts';
import { callsPerSecond, WORLD, type FleetSize } from './scenario.ts';
import { SUBJECTS } from './subjects.ts';

/** Writes the page and one plot a scenario. */
export function writeReport(
  folder: string,
  played: readonly Played[],
  size: FleetSize,
  provenance: Provenance,
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'README.md'), renderReport(played, size, provenance));
  for (const each of played) {
    writeFileSync(path.join(folder, `${each.scenario.name}.svg`), plotOf(each, size));
  }
}

/** The plot of a scenario. */
export function plotOf({ scenario, outcomes }: Played, size: FleetSize): string {
  const panels = outcomes.map(({ series }, index) => {
    const { name, subject } = SUBJECTS[index] ?? { name: '', subject: '' };
    return { title: subject === 'platform' ? name : `${subject}: ${name}`, series };
  });
  return renderPlot(panels, {
    title: scenario.title,
    about: scenario.about,
    usualPerSecond: callsPerSecond(size),
    capacity: 1 / WORLD.utilisation,
    fault: [WORLD.faultAtSecond, WORLD.faultAtSecond + scenario.faultSeconds],
  });
}
