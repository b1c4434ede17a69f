/** One line, or group of lines, of a panel. */
export interface Query {
  readonly expression: string;
  /** What its lines are called, with labels as `{{name}}`. */
  readonly legend: string;
}

/** What Grafana may say the numbers are. */
export type Unit =
  'bool' | 'bytes' | 'dateTimeFromNow' | 'ops' | 'percentunit' | 'reqps' | 's' | 'short' | 'none';

/** One picture of a dashboard. */
export interface Panel {
  readonly title: string;
  /** What to make of it, for somebody who sees it for the first time. */
  readonly about: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Lines over time, or the number as it is now. Default: 'timeseries' */
  readonly shape?: 'timeseries' | 'stat';
}

/** A page of panels in rows. */
export interface Dashboard {
  /** Names the file and, in Grafana, the address of the page. */
  readonly slug: string;
  readonly title: string;
  readonly about: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}
