import type { Dashboard, Panel } from './dashboard.ts';

/** Panels stand in rows of three; the grid of Grafana is 24 wide. */
const WIDTH = 8;
const HEIGHT = 8;
const PER_ROW = 24 / WIDTH;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard as Grafana imports it. */
export function grafanaModel({ slug, title, about, rows }: Dashboard) {
  return {
    uid: `holdfast-${slug}`,
    title: `Holdfast / ${title}`,
    description: about,
    tags: ['holdfast'],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: VARIABLES },
    panels: panelsOf(rows),
  };
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'job',
    label: 'Service',
    type: 'query',
    datasource: DATASOURCE,
    query: { query: 'label_values(up, job)', refId: 'job' },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { text: 'All', value: '$__all' },
  },
];

function panelsOf(rows: Dashboard['rows']): object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    });
    panels.forEach((panel, index) => {
      const gridPos = {
        x: (index % PER_ROW) * WIDTH,
        y: y + 1 + Math.floor(index / PER_ROW) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      };
      placed.push({ id: placed.length + 1, ...panelModel(panel), gridPos });
    });
    y += 1 + Math.ceil(panels.length / PER_ROW) * HEIGHT;
  }
  return placed;
}

function panelModel({ title, about, unit, queries, shape = 'timeseries' }: Panel) {
  return {
    type: shape,
    title,
    description: about,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: shape === 'stat' ? STAT : TIMESERIES,
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr: expression,
      legendFormat: legend,
      instant: shape === 'stat',
      range: shape !== 'stat',
    })),
  };
}

const STAT = { textMode: 'value_and_name', reduceOptions: { calcs: ['lastNotNull'] } };
const TIMESERIES = {
  legend: { displayMode: 'list', placement: 'bottom' },
  tooltip: { mode: 'multi', sort: 'desc' },
};
