import type { Instrument } from '../instruments/instrument.ts';
import type { Series } from '../series/series.ts';
import type { ForeignReading } from './foreign-reading.ts';
import type { Output } from './output.ts';

/** After so much the writer of a format lets its caller look at the clock. */
export const PART_LENGTH = 16_384;

/** A way to write metrics. Writers stop every {@link PART_LENGTH} or so, for other work to be done. */
export interface Format {
  readonly contentType: string;
  /** Writes one of our families. */
  instrument<S extends Series<S>>(instrument: Instrument<S>, output: Output): Generator<void>;
  /** Writes a family of somebody else. */
  foreign(reading: ForeignReading, output: Output): Generator<void>;
  /** What stands after all families. */
  readonly end: string;
}
