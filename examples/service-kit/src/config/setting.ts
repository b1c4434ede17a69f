import type { Secret } from '@holdfast/credential-broker';
import type { Environment } from './environment.ts';

/** Reads the text of a variable, or throws an error whose message is the rule that it breaks. */
export type Parser<T> = (text: string) => T;

interface Described {
  /** The name of the variable. */
  readonly variable: string;
  /** What it is for: one sentence. */
  readonly about: string;
}

/** A variable that anybody may see. */
export interface PlainSetting<T> extends Described {
  readonly secret?: false | undefined;
  readonly parse: Parser<T>;
  /** What it is when it is not set: one value, or those of some environments. Elsewhere it is required. */
  readonly default?: T | undefined;
  readonly defaults?: Readonly<Partial<Record<Environment, T>>> | undefined;
  /** Whether it may be absent. Default `false`. */
  readonly optional?: boolean | undefined;
}

/** A variable that nobody may see; it is read as a {@link Secret}. */
export interface SecretSetting extends Described {
  readonly secret: true;
  /** A default that stands in the sources is no secret. */
  readonly default?: undefined;
  /**
   * Whether each environment has its own: `DEV_NAME`, `STAGING_NAME`, `PROD_NAME`. The name without a prefix, and then
   * the fallbacks, are taken with a warning, and in production not at all. Default `false`.
   */
  readonly perEnvironment?: boolean | undefined;
  /** Older names of it, which are taken with a warning, and in production not at all. Default none. */
  readonly fallbacks?: readonly string[] | undefined;
  /** The fewest bytes that it may have outside development. At least 1. Default 32. */
  readonly minBytes?: number | undefined;
  /** What it is in development when it is not set. Default: it is required there as well. */
  readonly developmentDefault?: string | undefined;
  /** Whether it may be absent. Default `false`. */
  readonly optional?: boolean | undefined;
}

/** One variable of the configuration. */
// The type of a value is the parser's to say, and a parser of anything is one of `unknown`.
export type Setting = PlainSetting<unknown> | SecretSetting;

/** The configuration of a service: what each of its parts is read from. */
export type Declaration = Readonly<Record<string, Setting>>;

type ValueOf<S> = S extends { readonly secret: true }
  ? Secret
  : S extends { readonly parse: Parser<infer T> }
    ? T
    : never;

/** What a declaration reads. */
export type ConfigOf<D extends Declaration> = {
  readonly [K in keyof D]: ValueOf<D[K]> | (D[K] extends { readonly optional: true } ? undefined : never);
};
