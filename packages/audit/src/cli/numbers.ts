import { type CommandArgs, UsageError } from '@holdfast/pipeline/cli';

/**
 * Reads the value of an option as a whole number.
 *
 * @throws {@link UsageError} when it is none, or below `min`
 */
export function numberOf(args: CommandArgs, name: string, min: number): number | undefined {
  const text = args.value(name);
  if (text === undefined) return undefined;
  const value = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`--${name} must be a number from ${min}, got ${JSON.stringify(text)}`);
}
