import type { TokenManagerSettings } from './options.ts';
import { NEVER_MS, type Token } from './token.ts';

type TimeSettings = Pick<
  TokenManagerSettings,
  'refreshBeforeMs' | 'refreshAtRatio' | 'jitterRatio' | 'retryMs' | 'maxRetryMs' | 'keepMs' | 'random'
>;

/** When a fresh token is to be renewed, and when it can be forgotten. */
export function scheduleOf(token: Token, settings: TimeSettings): { dueAtMs: number; removeAtMs: number } {
  const { refreshToken, obtainedAtMs, expiresAtMs } = token;
  if (expiresAtMs >= NEVER_MS) return { dueAtMs: NEVER_MS, removeAtMs: NEVER_MS };
  if (refreshToken === undefined) return { dueAtMs: NEVER_MS, removeAtMs: expiresAtMs };
  const { refreshBeforeMs, refreshAtRatio, jitterRatio, keepMs, random } = settings;
  const lifeMs = Math.max(0, expiresAtMs - obtainedAtMs);
  const beforeMs = Math.min(refreshBeforeMs, lifeMs * (1 - refreshAtRatio));
  const earlierMs = beforeMs * (1 + jitterRatio * random());
  return { dueAtMs: Math.ceil(expiresAtMs - earlierMs), removeAtMs: Math.ceil(expiresAtMs + keepMs) };
}

/**
 * How long to wait after a failed renewal, in milliseconds: longer each time, but while the token is valid so that
 * another attempt or two come before it expires.
 */
export function retryDelayMs(remainingMs: number, failures: number, settings: TimeSettings): number {
  const { retryMs, maxRetryMs, random } = settings;
  const growingMs = Math.min(maxRetryMs, retryMs * 2 ** Math.min(failures, 30));
  const cappedMs = remainingMs > 0 ? Math.min(growingMs, Math.max(retryMs, remainingMs / 3)) : growingMs;
  return Math.ceil(cappedMs * (0.5 + random() / 2));
}
