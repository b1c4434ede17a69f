import type { Credential } from '../backends/backend.ts';
import type { LeaseCheck } from '../broker/broker.ts';
import type { Principal } from '../broker/principal.ts';
import { EgressError } from '../egress/egress-error.ts';
import { cleanResponse } from './clean-response.ts';
import { readDraft, type InjectedRequest } from './draft.ts';
import { fill } from './fill.ts';
import { InjectionError } from './injection-error.ts';
import { readInjectorOptions, type InjectorOptions, type InjectorSettings } from './options.ts';
import { planFor, type Plan } from './plan.ts';

export type { InjectedRequest } from './draft.ts';

/** Calls others with a credential that the one who asks never sees. */
export interface Injector {
  /**
   * Sends a request with the credential of a lease, if a rule allows it; a request that is refused leaves the lease as it
   * is. Redirects are answers.
   *
   * @param handle - of a lease of mode `injected` or `reference`
   * @param principal - its redeemer
   * @returns an answer in which no secret is left
   * @throws {@link InjectionError} when no rule allows it, or the credential does not fit
   * @throws {@link BrokerError} when there is no such lease for the principal
   * @throws {@link BackendError} when the backend gives no credential
   * @throws {@link EgressError} when it must not leave, fails, or its answer is too long or takes too long
   */
  fetch(handle: string, principal: Principal, request: InjectedRequest): Promise<Response>;
}

/**
 * Makes an injector: it puts secrets into requests, by rules, and takes them out of the answers.
 *
 * @throws {@link TypeError} when an option or a rule is missing, unknown or wrong
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createRedactor, type Broker, type Principal } from '@holdfast/credential-broker';
 * import { createEgress } from '@holdfast/credential-broker/egress';
 * import { createInjector } from '@holdfast/credential-broker/injection';
 *
 * async function openOrders(broker: Broker, agent: Principal, handle: string) {
 *   const injector = createInjector({
 *     broker,
 *     egress: createEgress(),
 *     redactor: createRedactor(),
 *     rules: [
 *       {
 *         id: 'orders',
 *         refs: ['op://prod/orders-api'],
 *         origin: 'https://orders.example',
 *         paths: ['/v1/orders/*'],
 *         inject: [{ into: 'header', name: 'authorization', template: 'Bearer {token}' }],
 *       },
 *     ],
 *   });
 *   return injector.fetch(handle, agent, { url: 'https://orders.example/v1/orders/7' });
 * }
 * ```
 */
export function createInjector(options: InjectorOptions): Injector {
  const settings = readInjectorOptions(options);
  return {
    fetch: async (handle, principal, request) => {
      request.signal?.throwIfAborted();
      const exchange = new Exchange(settings, request);
      return settings.broker.withSecret(
        handle,
        principal,
        (credential) => exchange.send(credential),
        (lease) => exchange.begin(request, lease),
      );
    },
  };
}

/** One request, from the plan for it until its answer is read. */
class Exchange {
  private readonly settings: InjectorSettings;
  private readonly caller: AbortSignal | undefined;
  private readonly controller = new AbortController();
  private readonly forget: (() => void)[] = [];
  private plan: Plan | undefined;
  private stop = () => {};

  constructor(settings: InjectorSettings, { signal }: InjectedRequest) {
    this.settings = settings;
    this.caller = signal;
  }

  /** @returns what the audit log is told */
  begin(request: InjectedRequest, lease: Parameters<LeaseCheck>[0]) {
    const { rules, maxRequestBytes } = this.settings;
    const asked = readDraft(request, maxRequestBytes);
    this.plan = planFor(rules, lease, asked, request.upgrade === true);
    const { rule, draft } = this.plan;
    return { rule: rule.id, origin: draft.url.origin, method: draft.method };
  }

  async send(credential: Credential): Promise<Response> {
    const { plan, settings } = this;
    const { egress, redactor, maxResponseBytes: maxBytes } = settings;
    // The broker looks at the lease first; one that does not gets nothing sent.
    if (plan === undefined) throw new TypeError('createInjector: broker did not check the lease');
    this.start();
    try {
      const { url, ...init } = fill(plan, credential, redactor, this.forget);
      const { signal } = this.controller;
      const response = await egress.fetch(url, { ...init, signal, maxRedirects: 0 });
      signal.throwIfAborted();
      const asError = (error: unknown) => this.asError(error);
      const watch = { maxBytes, signal, onEnd: () => this.end(), asError };
      return cleanResponse(response, redactor, plan.rule.responseHeaders ?? [], watch);
    } catch (error) {
      this.end();
      throw this.asError(error);
    }
  }

  private start(): void {
    const { clock, timeoutMs } = this.settings;
    const late = () => this.abort(new EgressError('timeout', `no whole answer within ${timeoutMs} ms`));
    const abort = () => this.abort(this.caller?.reason);
    const timer = clock.setTimer(late, timeoutMs);
    this.stop = () => {
      timer.cancel();
      this.caller?.removeEventListener('abort', abort);
    };
    this.caller?.addEventListener('abort', abort, { once: true });
    if (this.caller?.aborted === true) abort();
  }

  /** Nothing that comes after is handed on, so that nobody has to know the secrets any longer. */
  private abort(reason: unknown): void {
    this.controller.abort(reason);
    this.end();
  }

  private end(): void {
    this.stop();
    for (const forget of this.forget.splice(0)) forget();
  }

  /** What failed beneath may hold a part of the request or the answer: of that, only the kind of error is passed on. */
  private asError(error: unknown): unknown {
    const { signal } = this.controller;
    if (signal.aborted) return signal.reason;
    if (error instanceof InjectionError) return error;
    if (error instanceof EgressError) return new EgressError(error.reason, error.message);
    return new EgressError('network', 'the request failed');
  }
}
