import { reportListenerError, type Clock } from '@holdfast/pipeline';
import type { Hub } from '../hub.ts';
import { Instrument } from '../instruments/instrument.ts';
import { writeForeign, writeInstrument } from './family-text.ts';
import { isForeign, type ForeignReading } from './foreign-reading.ts';
import type { TextFormat } from './text-format.ts';

/** All metrics, written for a scraper. */
export interface Exposition {
  readonly contentType: string;
  readonly body: Buffer<ArrayBuffer>;
}

/** Writes expositions a slice at a time, and one for all who ask at the same time. */
export class Renderer {
  private readonly hub: Hub;
  private readonly running = new Map<TextFormat, Promise<Exposition>>();

  constructor(hub: Hub) {
    this.hub = hub;
  }

  expose(format: TextFormat): Promise<Exposition> {
    let exposition = this.running.get(format);
    if (exposition === undefined) {
      exposition = this.render(format).finally(() => this.running.delete(format));
      this.running.set(format, exposition);
    }
    return exposition;
  }

  private async render(format: TextFormat): Promise<Exposition> {
    const { clock, sliceMs } = this.hub.settings;
    const parts = await this.parts(format);
    return { contentType: format.contentType, body: await inSlices(parts, clock, sliceMs) };
  }

  private async parts(format: TextFormat): Promise<Iterable<string>> {
    const all = this.hub.collect();
    const readings = await Promise.all(all.map((metric) => this.read(metric)));
    return (function* () {
      for (const reading of readings) {
        if (reading instanceof Instrument) yield* writeInstrument(reading, format);
        else if (reading !== undefined) yield writeForeign(reading, format);
      }
      if (format.openMetrics) yield '# EOF\n';
    })();
  }

  /** Our own instruments are written as they are; the others are asked. One that fails is left out. */
  private async read(metric: unknown): Promise<Instrument<never> | ForeignReading | undefined> {
    if (metric instanceof Instrument) return metric as Instrument<never>;
    if (!isForeign(metric)) return undefined;
    try {
      return await metric.get();
    } catch (error) {
      reportListenerError(this.hub.settings.onListenerError, error);
      return undefined;
    }
  }
}

/** Puts parts together and lets other work run after each `sliceMs`. */
async function inSlices(
  parts: Iterable<string>,
  clock: Clock,
  sliceMs: number,
): Promise<Buffer<ArrayBuffer>> {
  const slices: Buffer[] = [];
  let startedAtMs = clock.now();
  for (const part of parts) {
    slices.push(Buffer.from(part));
    if (clock.now() - startedAtMs < sliceMs) continue;
    await new Promise<void>((resume) => clock.setTimer(resume, 0));
    startedAtMs = clock.now();
  }
  return Buffer.concat(slices);
}
