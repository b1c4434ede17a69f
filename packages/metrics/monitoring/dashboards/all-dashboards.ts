import { agents } from './agents.ts';
import type { Dashboard } from './dashboard.ts';
import { dependencies } from './dependencies.ts';
import { processes } from './processes.ts';
import { requests } from './requests.ts';
import { strategies } from './strategies.ts';
import { tokens } from './tokens.ts';

/** Every dashboard there is. */
export const ALL_DASHBOARDS: readonly Dashboard[] = [
  requests,
  strategies,
  processes,
  agents,
  tokens,
  dependencies,
];
