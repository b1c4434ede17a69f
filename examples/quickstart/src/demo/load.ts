import { Agent, request } from 'node:http';

/** What {@link startLoad} takes. */
export interface LoadOptions {
  /** Where the requests go. */
  readonly url: URL;
  /** How many requests a second, on average. Above 0. */
  readonly rate: number;
  /** Of how many orders one is asked for each time. Default: the list of all. */
  readonly items?: number | undefined;
  /** How often something other than a GET is sent, 0 to 1. */
  readonly postRatio: number;
  /** After how many milliseconds a client gives up; `Infinity`: never. */
  readonly patienceMs: number;
  readonly random: () => number;
}

/** Requests under way. */
export interface Load {
  /** Sends no more; requests under way go on. */
  stop(): void;
}

/** How many requests run at a time; beyond that the load skips its turn. */
const MAX_RUNNING = 100;

/** Sends a gentle load through the proxy, at random moments like independent users. */
export function startLoad({ url, rate, items, postRatio, patienceMs, random }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true });
  let running = 0;
  let timer: ReturnType<typeof setTimeout>;

  const send = () => {
    running++;
    const post = random() < postRatio;
    const path = items === undefined ? '/orders' : `/orders/${1 + Math.floor(random() * items)}`;
    const call = request(new URL(path, url), { agent, method: post ? 'POST' : 'GET' });
    call.on('response', (response) => response.on('error', () => undefined).resume());
    // Failures are what this demonstration is about; the proxy counts them.
    call.on('error', () => undefined);
    const patience = patienceMs === Infinity ? undefined : setTimeout(() => call.destroy(), patienceMs);
    call.on('close', () => {
      clearTimeout(patience);
      running--;
    });
    call.end(post ? 'one cup of tea' : undefined);
  };
  const next = () => {
    if (running < MAX_RUNNING) send();
    // Exponential gaps make a Poisson process.
    timer = setTimeout(next, (-Math.log(1 - random()) * 1_000) / rate);
  };
  next();
  return {
    stop: () => clearTimeout(timer),
  };
}
