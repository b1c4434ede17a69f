import type { Series } from './simulate-fleet.ts';

/** One subject's part of a plot. */
export interface Panel {
  readonly title: string;
  readonly series: Series;
}

/** What all panels of a plot share. */
export interface PlotOptions {
  readonly title: string;
  /** The plot in words, for those who cannot see it. */
  readonly about: string;
  /** What counts as 1 on the axis. */
  readonly usualPerSecond: number;
  /** What the dependency can serve, in the unit of the axis. */
  readonly capacity: number;
  /** When the fault begins and ends, in seconds. */
  readonly fault: readonly [number, number];
}

const COLUMNS = 2;
const [WIDTH, HEIGHT] = [380, 105];
const [LEFT, TOP, COLUMN, ROW] = [40, 82, 430, 160];
/** Values above are cut. */
const HIGHEST = 3;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .name { font-weight: 600 }
  .tick { font-size: 10px; fill: #59636e }
  .page { fill: #ffffff }
  .fault { fill: #e8e4dc }
  .axis { stroke: #c4cad1; fill: none }
  .calls { stroke: #59636e; stroke-dasharray: 4 3; fill: none }
  .capacity { stroke: #59636e; stroke-dasharray: 1 3; fill: none }
  .goodput { stroke: #0072b2; fill: #0072b2; fill-opacity: 0.3 }
  .load { stroke: #c44e00; stroke-width: 1.5; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .tick { fill: #9198a1 }
    .page { fill: #0d1117 }
    .fault { fill: #2b2a27 }
    .axis { stroke: #3d444d }
    .calls, .capacity { stroke: #9198a1 }
    .goodput { stroke: #56b4e9; fill: #56b4e9 }
    .load { stroke: #ff9a4d }
  }`;

const LEGEND = [
  ['load', 'requests that reach the dependency', 0],
  ['goodput', 'calls that succeed', 275],
  ['calls', 'calls', 425],
  ['capacity', 'capacity', 500],
  ['fault', 'the fault', 595],
] as const;

/** Draws the panels two in a row, all on the same scale. The axis counts in times of the usual load. */
export function renderPlot(panels: readonly Panel[], options: PlotOptions): string {
  const height = TOP + Math.ceil(panels.length / COLUMNS) * ROW;
  const width = LEFT + COLUMNS * COLUMN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escape(options.title)}</title>
<desc>${escape(options.about)}</desc>
<style>${STYLE}
</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="title" x="${LEFT}" y="24">${escape(options.title)}</text>
${LEGEND.map(([kind, text, x]) => legend(kind, text, LEFT + x)).join('\n')}
${panels.map((panel, index) => renderPanel(panel, index, options)).join('\n')}
</svg>
`;
}

const legend = (kind: string, text: string, x: number): string =>
  kind === 'goodput' || kind === 'fault'
    ? `<rect class="${kind}" x="${x}" y="37" width="22" height="10"/><text x="${x + 28}" y="46">${text}</text>`
    : `<path class="${kind}" d="M${x} 42h22"/><text x="${x + 28}" y="46">${text}</text>`;

function renderPanel({ title, series }: Panel, index: number, options: PlotOptions): string {
  const { calls, goodput, load } = series;
  const x = (second: number) => round((second * WIDTH) / calls.length);
  const y = (times: number) => round(HEIGHT * (1 - Math.min(times, HIGHEST) / HIGHEST));
  const line = (counts: readonly number[]) =>
    counts.map((count, second) => `${x(second + 0.5)} ${y(count / options.usualPerSecond)}`).join('L');
  const [from, until] = options.fault;
  const [left, top] = [LEFT + (index % COLUMNS) * COLUMN, TOP + Math.floor(index / COLUMNS) * ROW];
  return `<g transform="translate(${left} ${top})">
<text class="name" y="-8">${escape(title)}</text>
<rect class="fault" x="${x(from)}" width="${x(until - from)}" height="${HEIGHT}"/>
<path class="axis" d="M0 0V${HEIGHT}H${WIDTH}"/>
${[0, 1, 2, 3].map((times) => `<text class="tick" x="-5" y="${y(times) + 3}" text-anchor="end">${times}x</text>`).join('')}
${[from, until, calls.length].map((second) => `<text class="tick" x="${x(second)}" y="${HEIGHT + 13}" text-anchor="middle">${second} s</text>`).join('')}
<path class="goodput" d="M${x(0.5)} ${HEIGHT}L${line(goodput)}V${HEIGHT}Z"/>
<path class="calls" d="M${line(calls)}"/>
<path class="capacity" d="M0 ${y(options.capacity)}H${WIDTH}"/>
<path class="load" d="M${line(load)}"/>
</g>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
