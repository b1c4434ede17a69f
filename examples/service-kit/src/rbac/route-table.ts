/** Who may use a route: everybody, whoever proves who they are, or those with a permission. */
export type Access = 'public' | 'authenticated' | { readonly permission: string };

/** The methods that routes have. `GET` answers `HEAD` as well. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a route is found by, and who may use it. */
export interface RouteRule {
  readonly method: Method;
  /** The whole path: `/incidents/:id`. A part that begins with a colon stands for any one part. */
  readonly path: string;
  /** There is no default: a route that says nothing is a mistake. */
  readonly access: Access;
}

/** What a path leads to. */
export type RouteMatch<R> =
  | { readonly found: 'route'; readonly route: R; readonly params: Readonly<Record<string, string>> }
  /** The path exists, with other methods. */
  | { readonly found: 'path'; readonly allow: readonly string[] }
  | { readonly found: 'nothing' };

/** Routes, found by their exact paths. */
export interface RouteTable<R extends RouteRule> {
  readonly routes: readonly R[];
  /** @param target - the path as it came, with or without a query */
  match(method: string, target: string): RouteMatch<R>;
}

interface Entry<R> {
  readonly route: R;
  readonly parts: readonly string[];
}

const PATH = /^(\/|(\/(:[a-z]\w*|[\w.~-]+))+)$/i;

/**
 * Makes a table of routes. A request that matches none leads nowhere: there are no prefixes and no patterns, so nothing
 * is open because of how its path begins.
 *
 * @throws {@link TypeError} when a path is malformed, or two routes could match one request
 */
export function createRouteTable<R extends RouteRule>(routes: readonly R[]): RouteTable<R> {
  const entries = routes.map((route): Entry<R> => ({ route, parts: partsOf(route) }));
  for (const [index, entry] of entries.entries()) {
    const twin = entries.slice(0, index).find((other) => collide(entry, other));
    if (twin !== undefined) throw new TypeError(`two routes are the same: ${show(twin)} and ${show(entry)}`);
  }
  return {
    routes,
    match(method, target) {
      const given = readPath(target);
      if (given === undefined) return { found: 'nothing' };
      const fitting = entries.filter(({ parts }) => fits(parts, given));
      const wanted = method === 'HEAD' ? 'GET' : method;
      const entry = best(fitting.filter(({ route }) => route.method === wanted));
      if (entry !== undefined)
        return { found: 'route', route: entry.route, params: paramsOf(entry.parts, given) };
      if (fitting.length === 0) return { found: 'nothing' };
      const methods = new Set<string>(fitting.map(({ route }) => route.method));
      if (methods.has('GET')) methods.add('HEAD');
      return { found: 'path', allow: [...methods].sort() };
    },
  };
}

function partsOf({ path, access }: RouteRule): readonly string[] {
  if (!PATH.test(path))
    throw new TypeError(`a path must be like /incidents/:id, got ${JSON.stringify(path)}`);
  if ((access as unknown) === undefined) throw new TypeError(`the route ${path} does not say who may use it`);
  return path.split('/').slice(1);
}

const isParam = (part: string | undefined) => part?.startsWith(':') === true;
const show = ({ route }: Entry<RouteRule>) => `${route.method} ${route.path}`;

/** Two routes of one method whose parts are the same but for the names of their parameters. */
function collide(a: Entry<RouteRule>, b: Entry<RouteRule>): boolean {
  return (
    a.route.method === b.route.method &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, i) => part === b.parts[i] || (isParam(part) && isParam(b.parts[i])))
  );
}

/**
 * The parts of a path that has one spelling only. Whatever a proxy, a file system or another router may read another way
 * leads nowhere: encoded letters, slashes, backslashes and dots, empty parts, `..`.
 */
function readPath(target: string): readonly string[] | undefined {
  const [path = ''] = target.split('?');
  if (path.length > 2_048 || !path.startsWith('/')) return undefined;
  const parts = path.slice(1).split('/').map(readPart);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** What a part may be made of (RFC 3986, section 3.3). */
const PART = /^[\w.~!$&'()*+,;=:@%-]+$/;
/** Encoded characters that no path needs to encode (RFC 3986, section 2.3). */
const NEEDLESS = /%(2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/i;

function readPart(part: string, _index: number, all: readonly string[]): string | undefined {
  if (part === '') return all.length === 1 ? '' : undefined;
  try {
    const decoded = decodeURIComponent(part);
    return !PART.test(part) || NEEDLESS.test(part) || /^\.{1,2}$|[/\\\x00-\x1f\x7f]/.test(decoded)
      ? undefined
      : decoded;
  } catch {
    return undefined;
  }
}

const fits = (parts: readonly string[], given: readonly string[]) =>
  parts.length === given.length &&
  parts.every((part, i) => part === given[i] || (isParam(part) && given[i] !== ''));

/** A part that is spelled out comes before one that stands for any: `/tasks/mine` before `/tasks/:id`. */
function best<R>(entries: readonly Entry<R>[]): Entry<R> | undefined {
  const rank = ({ parts }: Entry<R>) => parts.map((part) => (isParam(part) ? '1' : '0')).join('');
  return entries.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}

function paramsOf(parts: readonly string[], given: readonly string[]): Readonly<Record<string, string>> {
  const pairs = parts.flatMap((part, i) => (isParam(part) ? [[part.slice(1), given[i] ?? ''] as const] : []));
  return Object.fromEntries(pairs);
}
