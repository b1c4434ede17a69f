import type { Instrument } from '../instruments/instrument.ts';
import type { Series } from '../series/series.ts';
import { escapeHelp, escapeLabelValue, labelText } from './escape.ts';
import { formatNumber } from './format-number.ts';
import type { ForeignReading } from './foreign-reading.ts';
import type { TextFormat } from './text-format.ts';

/** After so many characters the writer lets its caller look at the clock. */
const PART_LENGTH = 16_384;

/** Writes one of our families, in parts of bounded length. */
export function* writeInstrument<S extends Series<S>>(
  instrument: Instrument<S>,
  format: TextFormat,
): Generator<string> {
  const { name, help, type } = instrument.definition;
  let text = heading(name, help, type, format);
  for (const group of instrument.groups()) {
    for (const series of group) {
      text += instrument.lines(series, instrument.textOf(series), format.openMetrics);
      if (text.length < PART_LENGTH) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

/** Writes a family of somebody else. */
export function writeForeign({ name, help, type, values }: ForeignReading, format: TextFormat): string {
  let text = heading(name, help, type, format);
  for (const { metricName = name, labels, value } of values) {
    const total = format.openMetrics && type === 'counter' && !metricName.endsWith('_total') ? '_total' : '';
    text += `${metricName}${total}${labelText(labels)} ${formatNumber(value)}\n`;
  }
  return text;
}

function heading(name: string, help: string, type: string, { openMetrics }: TextFormat): string {
  if (!openMetrics) return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  // OpenMetrics names the family of a counter without the ending of its samples.
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const kind = type === 'untyped' ? 'unknown' : type;
  return `# HELP ${family} ${escapeLabelValue(help)}\n# TYPE ${family} ${kind}\n`;
}
