import { TokenError, type TokenFailure } from '../../src/tokens/token-error.ts';

/** How a promise, or a function, is refused; `accepted` when it is not. */
export async function failureOf(
  attempt: Promise<unknown> | (() => unknown),
): Promise<TokenFailure | 'accepted'> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt);
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenError) return error.failure;
    throw error;
  }
}
