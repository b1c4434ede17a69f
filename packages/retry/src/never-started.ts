import { isAdmissionRejection } from '@holdfast/pipeline';

/** No connection came about, so nothing was sent: the codes of Node and undici. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether an error proves that the operation had no effect: it was refused admission, or never reached its server. */
export function neverStarted(error: unknown): boolean {
  if (isAdmissionRejection(error)) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as Record<'code' | 'cause', unknown>;
  if (typeof code === 'string' && NOT_CONNECTED.has(code)) return true;
  // What `fetch` throws names the code in its cause.
  return typeof cause === 'object' && cause !== null && NOT_CONNECTED.has((cause as { code: string }).code);
}
