import { reportListenerError, type ListenerErrorHandler } from '@holdfast/pipeline';

/** Asks code of the user for its opinion; when it throws, that is reported and `fallback` is the answer. */
export function ask<T>(opinion: () => T, fallback: T, onError: ListenerErrorHandler): T {
  try {
    return opinion();
  } catch (error) {
    reportListenerError(onError, error);
    return fallback;
  }
}
