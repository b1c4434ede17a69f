/** An operation that a test starts, watches and ends. */
export interface Job {
  readonly run: () => Promise<string>;
  readonly started: () => boolean;
  finish(value?: string): void;
  fail(error: unknown): void;
}

/** Makes an operation that runs until it is told how to end. */
export function job(): Job {
  let resolve: (value: string) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<string>((...settle) => ([resolve, reject] = settle));
  let started = false;
  return {
    run: () => {
      started = true;
      return promise;
    },
    started: () => started,
    finish: (value = 'done') => resolve(value),
    fail: (error) => reject(error),
  };
}
