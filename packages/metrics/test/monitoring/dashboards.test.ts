import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALL_DASHBOARDS } from '../../monitoring/dashboards/all-dashboards.ts';
import { grafanaModel } from '../../monitoring/dashboards/grafana-model.ts';
import {
  DASHBOARD_FOLDER,
  dashboardFiles,
  writeDashboards,
} from '../../monitoring/dashboards/write-dashboards.ts';
import { createMetrics } from '../../src/index.ts';
import { everyMetric } from './every-metric.ts';

const models = ALL_DASHBOARDS.map(grafanaModel);

interface Placed {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** The squares of the grid that a panel covers. */
function squares({ gridPos: { x, y, w, h } }: Placed): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}

/** The files of a folder: what is in them, by name. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

describe('the dashboards', () => {
  it('are in the folder as they are built; run write-dashboards.ts when they are not', () => {
    expect(filesOf(DASHBOARD_FOLDER)).toEqual(dashboardFiles());
  });

  it('are written in place of what was there', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-dashboards-'));
    writeFileSync(path.join(folder, 'gone.json'), '{}');
    writeDashboards(folder);
    expect(filesOf(folder)).toEqual(dashboardFiles());
    rmSync(folder, { recursive: true });
  });

  it('have addresses and titles of their own', () => {
    expect(new Set(models.map(({ uid }) => uid)).size).toBe(models.length);
    expect(new Set(models.map(({ title }) => title)).size).toBe(models.length);
    for (const { uid } of models) expect(uid.length).toBeLessThanOrEqual(40); // as Grafana demands
  });

  it.each(models.map((model) => [model.title, model.panels as readonly Placed[]] as const))(
    '%s: panels lie side by side within the grid',
    (_, panels) => {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const covered = panels.flatMap(squares);
      expect(new Set(covered).size).toBe(covered.length);
      expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
    },
  );

  it('show every metric that there is', async () => {
    const metrics = createMetrics();
    const server = await everyMetric(metrics);
    try {
      await (await fetch(`${server.url}/metrics`)).text();
      const shown = [...dashboardFiles().values()].join();
      const families = metrics.snapshot().map(({ name }) => name);
      const hidden = families.filter(
        (name) => !new RegExp(`\\b${name}(_bucket|_count|_sum)?\\{`).test(shown),
      );
      expect(families.length).toBeGreaterThan(50);
      expect(hidden).toEqual(['crowded_total']); // a metric of the test itself
    } finally {
      await server.close();
    }
  });
});
