import type { ServerResponse } from 'node:http';

/** So many requests are worked on at a time; the others wait in line. */
export interface Workers {
  /** Starts when somebody is free, unless the client has left by then. */
  work(response: ServerResponse, start: (done: () => void) => void): void;
}

/** @param capacity - how many there are at the moment */
export function createWorkers(capacity: () => number): Workers {
  const line: { readonly response: ServerResponse; readonly start: (done: () => void) => void }[] = [];
  let busy = 0;
  const next = () => {
    while (busy < capacity()) {
      const first = line.shift();
      if (first === undefined) return;
      if (first.response.destroyed) continue;
      busy++;
      let over = false;
      const done = () => {
        if (over) return;
        over = true;
        busy--;
        next();
      };
      // Whoever leaves while being served is served no longer.
      first.response.once('close', done);
      first.start(done);
    }
  };
  return {
    work(response, start) {
      line.push({ response, start });
      next();
    },
  };
}
