import type { ServerResponse } from 'node:http';

/** Does something later, unless the connection is gone by then. */
export function later(response: ServerResponse, delayMs: number, action: () => void): void {
  const timer = setTimeout(() => {
    response.off('close', cancel);
    action();
  }, delayMs);
  const cancel = () => clearTimeout(timer);
  response.once('close', cancel);
}
