import type { ExecutionContext, Operation } from '@holdfast/pipeline';
import type { FetchCore } from './core.ts';
import { initOf, type Outgoing } from './outgoing.ts';

/** The attempts of one call. A response that is not the call's answer is let go, so that its connection is free. */
export class Attempts {
  private readonly core: FetchCore;
  private readonly out: Outgoing;
  private readonly signal: AbortSignal | undefined;
  private last: Response | undefined;

  /** @param signal - whose abort ends the body of the response as well */
  constructor(core: FetchCore, out: Outgoing, signal: AbortSignal | undefined) {
    this.signal = signal;
    this.core = core;
    this.out = out;
  }

  readonly next: Operation<Response> = (ctx) => this.send(ctx);

  private async send(ctx: ExecutionContext): Promise<Response> {
    this.discard();
    const { core, out } = this;
    core.sent++;
    let init: RequestInit | undefined;
    let response: Response;
    try {
      init = initOf(out, ctx, core.settings.deadlineHeader);
      response = await core.bare(out.input, init);
    } catch (error) {
      core.mistakes.judge(error, out.input, init);
      throw error;
    }
    // A fetch that does not listen to its signal answers although nobody waits any more.
    if (init.signal?.aborted === true) letGo(response);
    else this.last = response;
    if (this.signal !== undefined) core.belongs(response, this.signal);
    return response;
  }

  /** Lets go of the response of the attempt before. */
  discard(): void {
    if (this.last !== undefined) letGo(this.last);
    this.last = undefined;
  }
}

function letGo(response: Response): void {
  if (response.body?.locked === false) response.body.cancel().catch(() => {});
}
