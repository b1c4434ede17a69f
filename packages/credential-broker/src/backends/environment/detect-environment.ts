/** What a service runs for. */
export type EnvironmentName = 'development' | 'staging' | 'production';

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

const NAMES: Readonly<Record<string, EnvironmentName>> = {
  '': 'development',
  dev: 'development',
  development: 'development',
  local: 'development',
  test: 'development',
  preview: 'staging',
  stage: 'staging',
  staging: 'staging',
};

/**
 * Says what a service runs for, by `VERCEL_ENV`, whose previews are staging although their `NODE_ENV` says production, or
 * by `NODE_ENV`. A name that it does not know counts as production, the strictest; none at all as development.
 *
 * @example
 * ```ts
 * import { detectEnvironment } from '@holdfast/credential-broker/backends';
 *
 * detectEnvironment({ NODE_ENV: 'production', VERCEL_ENV: 'preview' }); // staging
 * ```
 */
export function detectEnvironment(env: Variables): EnvironmentName {
  const name = (env['VERCEL_ENV'] || env['NODE_ENV'] || '').trim().toLowerCase();
  return (Object.hasOwn(NAMES, name) && NAMES[name]) || 'production';
}
