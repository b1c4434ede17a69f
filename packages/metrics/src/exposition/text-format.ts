import { escapeHelp, escapeLabelValue, labelText } from './escape.ts';
import { type Format, PART_LENGTH } from './format.ts';
import type { ForeignSample } from './foreign-reading.ts';
import { formatNumber } from './format-number.ts';
import { exemplarText } from './sample-text.ts';

/** The Prometheus text format. */
export const PROMETHEUS_TEXT = textFormat('text/plain; version=0.0.4; charset=utf-8', false);

/** OpenMetrics 1.0. */
export const OPEN_METRICS = textFormat('application/openmetrics-text; version=1.0.0; charset=utf-8', true);

function textFormat(contentType: string, openMetrics: boolean): Format {
  return {
    contentType,
    *instrument(instrument, output) {
      const { name, help, type } = instrument.definition;
      let text = heading(name, help, type, openMetrics);
      const walk = instrument.startWalk();
      for (const group of instrument.groups()) {
        for (const series of group) {
          if (series.addedIn >= walk) continue;
          text += instrument.lines(series, instrument.textOf(series), openMetrics);
          if (text.length < PART_LENGTH) continue;
          output.text(text);
          text = '';
          yield;
        }
      }
      output.text(text);
      yield;
    },
    *foreign({ name, help, type, samples }, output) {
      let text = heading(name, help, type, openMetrics);
      for (const sample of samples) {
        text += foreignLine(sample, type, openMetrics);
        if (text.length < PART_LENGTH) continue;
        output.text(text);
        text = '';
        yield;
      }
      output.text(text);
      yield;
    },
    end: openMetrics ? '# EOF\n' : '',
  };
}

function heading(name: string, help: string, type: string, openMetrics: boolean): string {
  if (!openMetrics) return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  // OpenMetrics names the family of a counter without the ending of its samples.
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const kind = type === 'untyped' ? 'unknown' : type;
  return `# HELP ${family} ${escapeLabelValue(help)}\n# TYPE ${family} ${kind}\n`;
}

function foreignLine(
  { name, labels, value, exemplar }: ForeignSample,
  type: string,
  openMetrics: boolean,
): string {
  const total = openMetrics && type === 'counter' && !name.endsWith('_total') ? '_total' : '';
  const example = openMetrics ? exemplarText(exemplar) : '';
  return `${name}${total}${labelText(labels)}${formatNumber(value)}${example}\n`;
}
