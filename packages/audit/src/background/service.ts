/** What runs in a worker thread: methods that answer at once. Arguments and answers are copied between the threads. */
export type Service = Readonly<Record<string, (argument: never) => unknown>>;

/** A call that a thread asks for, and what comes back. */
export interface ServiceCall {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type ServiceAnswer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: unknown };

/** Which service a thread is to run, and on which file. */
export interface ServiceData {
  readonly service: 'personal' | 'index';
  readonly file: string;
}

/** The service as its callers see it: the same methods, each answering later. */
export type Remote<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never;
};
