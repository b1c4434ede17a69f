import { reportListenerError, TimeoutError } from '@holdfast/pipeline';
import type { Hub } from '../hub.ts';
import { Instrument } from '../instruments/instrument.ts';
import { nextTurn } from './clock.ts';
import { isForeign, readForeign, type ForeignReading } from './foreign-reading.ts';
import type { Format } from './format.ts';
import { Output } from './output.ts';

/** All metrics, written for a scraper. */
export interface Exposition {
  readonly contentType: string;
  /** A `Buffer` of memory that is not shared; named so because older types of Node cannot say that. */
  readonly body: ReturnType<typeof Buffer.alloc>;
}

/** How long a metric of another library may take, in milliseconds: below Prometheus's own patience of 10 s. */
const FOREIGN_MS = 5_000;

/** How much room there is for the first exposition of a format. */
const FIRST_CAPACITY = 4_096;

/** Writes expositions a slice at a time, and one for all who ask at the same time. */
export class Renderer {
  private readonly hub: Hub;
  private readonly running = new Map<Format, Promise<Exposition>>();
  /** How long the last exposition was; the next one will need about as much room. */
  private readonly lengths = new Map<Format, number>();

  constructor(hub: Hub) {
    this.hub = hub;
  }

  expose(format: Format): Promise<Exposition> {
    let exposition = this.running.get(format);
    if (exposition === undefined) {
      exposition = this.render(format).finally(() => this.running.delete(format));
      this.running.set(format, exposition);
    }
    return exposition;
  }

  private async render(format: Format): Promise<Exposition> {
    const readings = await Promise.all(this.hub.collect().map((metric) => this.read(metric)));
    const output = new Output(Math.ceil((this.lengths.get(format) ?? 0) * 1.1) + FIRST_CAPACITY);
    const { clock, sliceMs } = this.hub.settings;
    let startedAtMs = clock.now();
    for (const _ of write(readings, format, output)) {
      if (clock.now() - startedAtMs < sliceMs) continue;
      await nextTurn();
      startedAtMs = clock.now();
    }
    this.lengths.set(format, output.length);
    return { contentType: format.contentType, body: output.written() };
  }

  /** Our own instruments are written as they are; the others are asked. One that fails is left out. */
  private async read(metric: unknown): Promise<Reading | undefined> {
    if (metric instanceof Instrument) return metric as Instrument<never>;
    if (!isForeign(metric)) return undefined;
    try {
      return await this.inTime(readForeign(metric, this.hub.foreignOpenMetrics));
    } catch (error) {
      reportListenerError(this.hub.settings.onListenerError, error);
      return undefined;
    }
  }

  /** A collector that never answers must not hold up this scrape, and with it all that share it. */
  private inTime(reading: Promise<ForeignReading>): Promise<ForeignReading> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new TimeoutError(FOREIGN_MS, { strategy: 'a metric of another library' }));
      const timer = this.hub.settings.clock.setTimer(late, FOREIGN_MS);
      reading.finally(() => timer.cancel()).then(resolve, reject);
    });
  }
}

type Reading = Instrument<never> | ForeignReading;

function* write(
  readings: readonly (Reading | undefined)[],
  format: Format,
  output: Output,
): Generator<void, void> {
  for (const reading of readings) {
    if (reading instanceof Instrument) yield* format.instrument(reading, output);
    else if (reading !== undefined) yield* format.foreign(reading, output);
  }
  output.text(format.end);
}
