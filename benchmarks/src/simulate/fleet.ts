import type { Request } from '../simulation/protections.ts';
import type { Timeline } from '../simulation/timeline.ts';
import type { VirtualClock } from '../simulation/virtual-clock.ts';
import { WORLD, type Scenario } from './scenario.ts';

/** What one process guards its requests with. */
export type Client = (request: Request) => Promise<unknown>;

/** What a fleet lives in. */
export interface FleetOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly scenario: Scenario;
  readonly processes: readonly Client[];
  readonly request: Request;
  readonly timeline: Timeline;
}

/** Clients that think, call through their process, wait for the answer, and think again. */
export class Fleet {
  private readonly options: FleetOptions;
  /** How many calls have started, and how many have ended. */
  started = 0;
  ended = 0;
  /** How long calls took that started during the fault, in milliseconds. */
  readonly waitsMs: number[] = [];

  constructor(options: FleetOptions) {
    this.options = options;
  }

  start(clients: number): void {
    const { processes } = this.options;
    for (let client = 0; client < clients; client++) {
      const process = processes[client % processes.length];
      if (process !== undefined) this.callIn(WORLD.thinkSeconds, process);
    }
  }

  /** Calls after a while that is `meanSeconds` on average. */
  private callIn(meanSeconds: number, process: Client): void {
    const { clock, random } = this.options;
    const delayMs = -Math.log(1 - random()) * meanSeconds * 1_000;
    if (clock.now() + delayMs < WORLD.endAtSecond * 1_000) clock.setTimer(() => this.call(process), delayMs);
  }

  private call(process: Client): void {
    const { clock, scenario, request } = this.options;
    const startedAtMs = clock.now();
    this.started++;
    process(request).then(
      () => this.finish(process, startedAtMs, true, WORLD.thinkSeconds),
      () => this.finish(process, startedAtMs, false, scenario.returnSeconds),
    );
  }

  private finish(process: Client, startedAtMs: number, ok: boolean, returnSeconds: number): void {
    const { clock, scenario, timeline } = this.options;
    const second = Math.floor(startedAtMs / 1_000);
    this.ended++;
    if (ok) timeline.succeeded(second);
    else timeline.failed(second);
    const fault = second - WORLD.faultAtSecond;
    if (fault >= 0 && fault < scenario.faultSeconds) this.waitsMs.push(clock.now() - startedAtMs);
    this.callIn(returnSeconds, process);
  }
}
