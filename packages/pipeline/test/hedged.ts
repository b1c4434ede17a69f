import type { Attempt, Clock, DriverHook } from '@holdfast/pipeline';

/** Starts attempts one after the other, `delayMs` apart; the first to commit or succeed ends the others. */
export function hedged(clock: Clock, delayMs: number, count = 2): DriverHook {
  return {
    kind: 'driver',
    name: 'hedge',
    clock,
    run: (call, start) =>
      new Promise((resolve, reject) => {
        const attempts: Attempt[] = [];
        let over = false;
        call.onEnd(() => (over = true));
        let failed = 0;
        const win = (winner: number) => {
          over = true;
          attempts.forEach((attempt, index) => index !== winner && attempt.end('another answered first'));
        };
        const launch = () => {
          if (over) return;
          const number = attempts.length;
          const attempt = start(number + 1, () => win(number));
          attempts.push(attempt);
          attempt.result.then(
            (value) => {
              win(number);
              resolve(value);
            },
            (error: unknown) => {
              if (++failed < attempts.length) return;
              over = true;
              reject(error);
            },
          );
          if (attempts.length < count) clock.setTimer(launch, delayMs);
        };
        launch();
      }),
  };
}
