import { type Format, PART_LENGTH } from '../format.ts';
import type { GivenLabels } from '../escape.ts';
import type { Output } from '../output.ts';
import { openField, textField, uintField } from './fields.ts';
import { foreignPoints } from './foreign-points.ts';
import { pointField, type Point } from './metric-message.ts';
import { labelFields } from './parts.ts';

const FAMILY = { name: 1, help: 2, type: 3, metric: 4 };
const METRIC = { label: 1 };
const TYPES: ReadonlyMap<string, number> = new Map([
  ['counter', 0],
  ['gauge', 1],
  ['summary', 2],
  ['untyped', 3],
  ['histogram', 4],
]);
const UNTYPED = 3;

/**
 * Prometheus's protobuf format: messages `io.prometheus.client.MetricFamily`, each after its length. The only one that
 * shows native histograms.
 */
export const PROTOBUF: Format = {
  contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  *instrument(instrument, output) {
    const { name, help, type } = instrument.definition;
    yield* family(output, { name, help, type }, function* () {
      const walk = instrument.startWalk();
      for (const group of instrument.groups()) {
        for (const series of group) {
          if (series.addedIn < walk) yield [instrument.labelsOf(series), instrument.point(series)];
        }
      }
    });
  },
  *foreign(reading, output) {
    yield* family(output, reading, function* () {
      for (const { labels, point } of foreignPoints(reading)) yield [labels, point];
    });
  },
  end: '',
};

interface Heading {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

function* family(
  output: Output,
  { name, help, type }: Heading,
  series: () => Iterable<readonly [GivenLabels, Point]>,
): Generator<void> {
  const start = output.open();
  textField(output, FAMILY.name, name);
  textField(output, FAMILY.help, help);
  uintField(output, FAMILY.type, TYPES.get(type) ?? UNTYPED);
  let seen = output.length;
  for (const [labels, point] of series()) {
    const metric = openField(output, FAMILY.metric);
    labelFields(output, METRIC.label, labels);
    pointField(output, point);
    output.close(metric);
    if (output.length - seen < PART_LENGTH) continue;
    seen = output.length;
    yield;
  }
  output.close(start);
  yield;
}
