import { agents } from './agents.ts';
import { audit } from './audit.ts';
import type { Dashboard } from './dashboard.ts';
import { dependencies } from './dependencies.ts';
import { health } from './health.ts';
import { limits } from './limits.ts';
import { outbound } from './outbound.ts';
import { processes } from './processes.ts';
import { requests } from './requests.ts';
import { strategies } from './strategies.ts';
import { tokens } from './tokens.ts';

/** Every dashboard there is. */
export const ALL_DASHBOARDS: readonly Dashboard[] = [
  requests,
  strategies,
  limits,
  outbound,
  health,
  audit,
  processes,
  agents,
  tokens,
  dependencies,
];
