/** What an endpoint looks at in a request, whatever the framework. */
export interface HealthRequest {
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /**
   * A header, or `undefined` where it is not there.
   *
   * @param name - in lower case
   */
  readonly header: (name: string) => string | undefined;
  /** The request as the framework knows it: Node's `IncomingMessage`, or a `Request`. */
  readonly raw: unknown;
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
