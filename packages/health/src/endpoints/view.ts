import { reportListenerError, type ListenerErrorHandler } from '@holdfast/pipeline';
import type { Health } from '../health.ts';
import { withoutDetails } from '../health-report.ts';
import type { HealthFormat } from '../formats/health-format.ts';
import { passes } from '../state.ts';

/** What an endpoint answers. */
export interface HealthAnswer {
  /** 200 while up or degraded, else 503. */
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One group in one format and media type, written anew only when there is something new to tell. */
export class View {
  private readonly health: Health;
  private readonly group: string;
  private readonly format: HealthFormat;
  private readonly contentType: string;
  private readonly onListenerError: ListenerErrorHandler;
  private version = -1;
  private readonly written: [open: HealthAnswer | undefined, detailed: HealthAnswer | undefined] = [
    undefined,
    undefined,
  ];

  constructor(
    health: Health,
    group: string,
    format: HealthFormat,
    mediaType: string,
    onListenerError: ListenerErrorHandler,
  ) {
    this.onListenerError = onListenerError;
    this.health = health;
    this.group = group;
    this.format = format;
    this.contentType = mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
  }

  answer(detailed: boolean): HealthAnswer {
    if (this.format.live === true) return this.write(detailed);
    const { version } = this.health;
    if (version !== this.version) {
      this.version = version;
      this.written.fill(undefined);
    }
    return (this.written[detailed ? 1 : 0] ??= this.write(detailed));
  }

  private write(detailed: boolean): HealthAnswer {
    const report = this.health.report(this.group);
    const status = passes(report.state) ? 200 : 503;
    try {
      const told = detailed ? report : withoutDetails(report);
      return answer(status, this.contentType, this.format.render(told, detailed ? this.health.stats() : []));
    } catch (error) {
      // A format of the user's own must not turn a probe into a crash.
      reportListenerError(this.onListenerError, error);
      return answer(status, 'text/plain; charset=utf-8', report.state);
    }
  }
}

function answer(status: 200 | 503, contentType: string, body: string): HealthAnswer {
  const headers = {
    'Content-Type': contentType,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
  };
  return { status, headers, body };
}
