import { reportListenerError, systemClock } from '@holdfast/pipeline';
import type { Health } from '../health.ts';
import { waitFor } from '../wait.ts';
import { preferred } from './accept.ts';
import type { HealthRoute, readEndpointOptions } from './endpoint-options.ts';
import type { HealthRequest } from './health-request.ts';
import { View, type HealthAnswer } from './view.ts';

type Settings = ReturnType<typeof readEndpointOptions>;

/** How long `authorise` may take, in milliseconds: a Kubernetes probe waits for a second. */
const AUTHORISE_MS = 500;

/** A path with everything it can answer. */
interface Page {
  readonly group: string;
  readonly mediaTypes: readonly string[];
  readonly views: readonly View[];
}

/** Answers requests for health, without knowing any framework. */
export class Responder {
  private readonly health: Health;
  private readonly settings: Settings;
  private readonly pages: ReadonlyMap<string, Page>;

  constructor(health: Health, settings: Settings) {
    this.health = health;
    this.settings = settings;
    this.pages = new Map(
      Object.entries(settings.routes).map(([path, route]) => [settings.prefix + path, this.pageOf(route)]),
    );
  }

  get paths(): readonly string[] {
    return [...this.pages.keys()];
  }

  /** Answers at once where it can. `undefined`: the request is for somebody else. */
  answer(request: HealthRequest): HealthAnswer | Promise<HealthAnswer> | undefined {
    const page = this.pages.get(request.path);
    if (page === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
    const { authorise, waitMs } = this.settings;
    const pending = this.health.refresh(page.group);
    if (pending === undefined && authorise === undefined) return this.read(page, request, false);
    const results = pending === undefined ? undefined : this.health.check(page.group, { waitMs });
    return this.answerLater(page, request, results);
  }

  private async answerLater(page: Page, request: HealthRequest, results: Promise<unknown> | undefined) {
    const detailed = await this.authorised(request);
    await results;
    return this.read(page, request, detailed);
  }

  /** Whoever cannot be authorised in time sees no details; a probe must not wait for a server of tokens that is down. */
  private async authorised(request: HealthRequest): Promise<boolean> {
    const { authorise, onListenerError } = this.settings;
    if (authorise === undefined) return false;
    let detailed = false;
    const asked = (async () => void (detailed = (await authorise(request)) === true))();
    await waitFor(
      asked.catch((error: unknown) => reportListenerError(onListenerError, error)),
      { waitMs: AUTHORISE_MS },
      systemClock,
    );
    return detailed;
  }

  private read(page: Page, request: HealthRequest, detailed: boolean): HealthAnswer {
    const index = preferred(request.header('accept'), page.mediaTypes);
    const view = page.views[index] ?? page.views[0];
    if (view === undefined) throw new TypeError('a page has no format');
    return view.answer(detailed);
  }

  private pageOf({ group, formats = this.settings.formats }: HealthRoute): Page {
    this.health.state(group); // throws where there is no such group
    const offers = formats.flatMap((format) => format.mediaTypes.map((mediaType) => ({ format, mediaType })));
    return {
      group,
      mediaTypes: offers.map(({ mediaType }) => mediaType),
      views: offers.map(
        ({ format, mediaType }) =>
          new View(this.health, group, format, mediaType, this.settings.onListenerError),
      ),
    };
  }
}
