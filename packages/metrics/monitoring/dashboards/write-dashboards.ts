/** Run by itself, it writes the dashboards: `node packages/metrics/monitoring/dashboards/write-dashboards.ts`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ALL_DASHBOARDS } from './all-dashboards.ts';
import { grafanaModel } from './grafana-model.ts';

/** Where the dashboards are that Grafana reads. */
export const DASHBOARD_FOLDER = path.join(import.meta.dirname, '../grafana/dashboards');

/** The files of the dashboards: what is in them, by name. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map(ALL_DASHBOARDS.map((each) => [`${each.slug}.json`, toJson(grafanaModel(each))]));
}

/** The form that the formatter of the repository leaves alone: lists of one item stay on a line. */
function toJson(model: object): string {
  return JSON.stringify(model, undefined, 2).replaceAll(/\[\s+("[^"\n]*")\s+\]/g, '[$1]') + '\n';
}

/** Writes all dashboards into a folder, in place of what it has held. */
export function writeDashboards(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of dashboardFiles()) writeFileSync(path.join(folder, name), text);
}

if (import.meta.main) writeDashboards(DASHBOARD_FOLDER);
