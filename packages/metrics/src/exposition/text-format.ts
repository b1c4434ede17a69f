/** One of the text formats of a scrape. */
export interface TextFormat {
  readonly contentType: string;
  readonly openMetrics: boolean;
}

/** The Prometheus text format. */
export const PROMETHEUS_TEXT: TextFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: false,
};

/** OpenMetrics 1.0. */
export const OPEN_METRICS: TextFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  openMetrics: true,
};
