import type { Metrics } from '../src/index.ts';
import { decodeFields, decodeSints, splitDelimited, unzigzag, type Fields } from './decode-protobuf.ts';

export const PROTOBUF =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** A family as it is read from protobuf. */
export interface DecodedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: number;
  readonly metrics: readonly DecodedMetric[];
}

/** One of its series. */
export interface DecodedMetric {
  readonly labels: Readonly<Record<string, string>>;
  /** The fields of whichever message its numbers are in. */
  readonly kind: number;
  readonly fields: Fields;
}

/** The families that a scraper receives as protobuf. */
export async function familiesOf(metrics: Metrics): Promise<ReadonlyMap<string, DecodedFamily>> {
  const { body } = await metrics.expose(PROTOBUF);
  const families = splitDelimited(body).map((bytes) => {
    const fields = decodeFields(bytes);
    return {
      name: text(fields, 1),
      help: text(fields, 2),
      type: number(fields, 3),
      metrics: (fields.get(4) ?? []).map((metric) => decodeMetric(metric as Buffer)),
    };
  });
  return new Map(families.map((family) => [family.name, family]));
}

function decodeMetric(bytes: Buffer): DecodedMetric {
  const fields = decodeFields(bytes);
  const [kind, message] = [...fields].find(([field]) => field !== 1) ?? [];
  if (kind === undefined || message === undefined) throw new Error('a series without numbers');
  return { labels: decodeLabels(fields), kind, fields: decodeFields(message[0] as Buffer) };
}

/** Reads labels, which are field 1 wherever there are any. */
export function decodeLabels(fields: Fields): Record<string, string> {
  const pairs = (fields.get(1) ?? []).map((label) => decodeFields(label as Buffer));
  return Object.fromEntries(pairs.map((pair) => [text(pair, 1), text(pair, 2)]));
}

/** Reads a message within a message; an empty one where there is none. */
export function message(fields: Fields, field: number): Fields {
  return decodeFields((fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0));
}

/** Reads a number; 0 where there is none, as protobuf has it. */
export function number(fields: Fields, field: number): number {
  return Number(fields.get(field)?.[0] ?? 0);
}

/** Reads an instant, in milliseconds since the epoch. */
export function instant(fields: Fields, field: number): number {
  const timestamp = message(fields, field);
  return number(timestamp, 1) * 1000 + number(timestamp, 2) / 1e6;
}

function text(fields: Fields, field: number): string {
  return String(fields.get(field)?.[0] ?? '');
}

/** A histogram as it is read from protobuf. */
export interface DecodedHistogram {
  readonly count: number;
  readonly sum: number;
  readonly createdAtMs: number;
  readonly buckets: readonly { readonly bound: number; readonly count: number; readonly exemplar: Fields }[];
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: ReadonlyMap<number, number>;
  readonly negative: ReadonlyMap<number, number>;
}

/** Reads a histogram, exponential buckets included. */
export function decodeHistogram({ kind, fields }: DecodedMetric): DecodedHistogram {
  if (kind !== 7) throw new Error('not a histogram');
  const schema = fields.get(5)?.[0];
  return {
    count: number(fields, 1),
    sum: number(fields, 2),
    createdAtMs: instant(fields, 15),
    buckets: (fields.get(3) ?? []).map((bytes) => {
      const bucket = decodeFields(bytes as Buffer);
      return { bound: number(bucket, 2), count: number(bucket, 1), exemplar: message(bucket, 3) };
    }),
    schema: schema === undefined ? NaN : unzigzag(schema as bigint),
    zeroThreshold: number(fields, 6),
    zeroCount: number(fields, 7),
    negative: decodeSide(fields, 9, 10),
    positive: decodeSide(fields, 12, 13),
  };
}

function decodeSide(fields: Fields, spanField: number, deltaField: number): ReadonlyMap<number, number> {
  const deltas = decodeSints((fields.get(deltaField)?.[0] as Buffer | undefined) ?? Buffer.alloc(0));
  const counts = new Map<number, number>();
  let index = 0;
  let count = 0;
  for (const bytes of fields.get(spanField) ?? []) {
    const span = decodeFields(bytes as Buffer);
    index += unzigzag((span.get(1)?.[0] ?? 0n) as bigint);
    for (let i = 0; i < number(span, 2); i++) counts.set(index++, (count += deltas[counts.size] ?? NaN));
  }
  if (counts.size !== deltas.length) throw new Error('spans and deltas differ');
  return counts;
}
