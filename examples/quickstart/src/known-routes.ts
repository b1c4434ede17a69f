import { templatePath } from '@holdfast/metrics';

/** The routes of a server whose router is elsewhere, learnt from what it answers. */
export interface KnownRoutes {
  /** Takes note of a path that was answered well. */
  learn(path: string): void;
  /** The template of a path, such as `/orders/{id}`; `undefined` where nothing like it was ever answered well. */
  routeOf(path: string): string | undefined;
}

/** Whoever asks for paths at random makes no routes: what is not found, fails or is refused teaches nothing. */
export function knownRoutes(maxRoutes = 100): KnownRoutes {
  const known = new Set<string>();
  return {
    learn(path) {
      if (known.size < maxRoutes) known.add(templatePath(path));
    },
    routeOf(path) {
      const route = templatePath(path);
      return known.has(route) ? route : undefined;
    },
  };
}
