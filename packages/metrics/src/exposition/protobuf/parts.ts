import type { Exemplar } from '../../instruments/exemplars.ts';
import type { GivenLabels } from '../escape.ts';
import type { Output } from '../output.ts';
import { doubleField, openField, textField, uintField } from './fields.ts';

const LABEL = { name: 1, value: 2 };
const EXEMPLAR = { label: 1, value: 2, timestamp: 3 };
const TIMESTAMP = { seconds: 1, nanos: 2 };

/** Writes labels, each a field of its own; one without a value is the same as no label. */
export function labelFields(output: Output, field: number, labels: GivenLabels): void {
  for (const name of Object.keys(labels)) {
    const value = labels[name];
    if (value === undefined || value === '') continue;
    const label = openField(output, field);
    textField(output, LABEL.name, name);
    textField(output, LABEL.value, String(value));
    output.close(label);
  }
}

/** Writes what led to a value. */
export function exemplarField(output: Output, field: number, { labels, value, atMs }: Exemplar): void {
  const exemplar = openField(output, field);
  labelFields(output, EXEMPLAR.label, labels);
  doubleField(output, EXEMPLAR.value, value);
  timestampField(output, EXEMPLAR.timestamp, atMs);
  output.close(exemplar);
}

/** Writes an instant, given in milliseconds since the epoch. */
export function timestampField(output: Output, field: number, atMs: number): void {
  const seconds = Math.floor(atMs / 1000);
  const timestamp = openField(output, field);
  uintField(output, TIMESTAMP.seconds, seconds);
  uintField(output, TIMESTAMP.nanos, Math.round((atMs - seconds * 1000) * 1e6));
  output.close(timestamp);
}
