// The public API of @holdfast/chaos, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/chaos' {
  type Attributes = Readonly<Record<string, string>>;
  interface Chaos<W = never> extends Strategy<W>, EventSource<FaultInjectedEvent> {
    readonly enabled: boolean;
    enable(): void;
    disable(): void;
    stats(): ChaosStats;
  }
  interface ChaosOptions<W = never> {
    readonly faults: readonly Fault<W>[];
    readonly enabled?: boolean | undefined;
    readonly seed?: number | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface ChaosStats {
    readonly calls: number;
    readonly injected: Readonly<Record<Fault['kind'], number>>;
  }
  interface ErrorFault extends FaultConditions {
    readonly kind: 'error';
    readonly error: () => unknown;
  }
  type Fault<W = never> = ErrorFault | LatencyFault | ResultFault<W> | HangFault;
  interface FaultConditions {
    readonly ratio: number;
    readonly when?: ((attributes: Attributes) => boolean) | undefined;
    readonly during?: Period | undefined;
  }
  interface FaultInjectedEvent {
    readonly type: 'chaos.injected';
    readonly strategy: string;
    readonly fault: Fault['kind'];
    readonly index: number;
    readonly delayMs: number;
  }
  interface HangFault extends FaultConditions {
    readonly kind: 'hang';
  }
  interface LatencyFault extends FaultConditions {
    readonly kind: 'latency';
    readonly delayMs: number | readonly [min: number, max: number];
  }
  interface Period {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly everyMs?: number | undefined;
  }
  interface ResultFault<W> extends FaultConditions {
    readonly kind: 'result';
    readonly result: () => W;
  }
  function chaos<W = never>(options: ChaosOptions<W>): Chaos<W>;
  const chaosDefaults: {
    readonly enabled: false;
    readonly seed: 1;
    readonly name: 'chaos';
    readonly onListenerError: ListenerErrorHandler;
    readonly clock: Clock;
  };
  export {
    Attributes,
    Chaos,
    ChaosOptions,
    ChaosStats,
    ErrorFault,
    Fault,
    FaultConditions,
    FaultInjectedEvent,
    HangFault,
    LatencyFault,
    Period,
    ResultFault,
    chaos,
    chaosDefaults,
  };
}
