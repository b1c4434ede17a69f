/** Where a service runs. */
export type Environment = 'development' | 'staging' | 'production';

/** Variables by name, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the two variables say; on Vercel a preview is what others call staging. */
const NAMES: Readonly<Record<string, Environment>> = {
  development: 'development',
  test: 'development',
  staging: 'staging',
  preview: 'staging',
  production: 'production',
};

/**
 * Tells where a service runs: by `VERCEL_ENV`, since a preview there has `NODE_ENV=production` as well, else by
 * `NODE_ENV`. Neither means development.
 *
 * @returns nothing for a name that is not known, which must not pass for development
 */
export function detectEnvironment(variables: Variables): Environment | undefined {
  const name = variables['VERCEL_ENV'] || variables['NODE_ENV'] || 'development';
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
