import { InjectionError } from './injection-error.ts';

declare const JSON: {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source: string }) => unknown,
  ): unknown;
  stringify(value: unknown): string;
  rawJSON(source: string): unknown;
};

/** The names in a JSON pointer (RFC 6901). */
const namesOf = (pointer: string) =>
  pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Whether a text is a pointer to a member of an object. */
export const isPointer = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 256 &&
  /^(?:\/(?:[^/~]|~[01])+)+$/.test(value) &&
  !namesOf(value).includes('__proto__');

/**
 * Sets a member of a JSON text. Numbers stay as they are written.
 *
 * @throws {@link InjectionError} `request` when the text is no object, or lacks one on the way
 */
export function placeInJson(text: string, pointer: string, value: string): string {
  const names = namesOf(pointer);
  const last = names.pop() ?? '';
  try {
    const root = JSON.parse(text, (_, part, { source }) =>
      typeof part === 'number' ? JSON.rawJSON(source) : part,
    );
    const holder = names.reduce<unknown>((part, name) => member(part, name), root);
    if (!isObject(holder)) throw missing();
    holder[last] = value;
    return JSON.stringify(root);
  } catch (error) {
    // The error of the platform shows the text, and one that is nested too deeply exhausts the stack.
    throw error instanceof InjectionError ? error : missing();
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const missing = () =>
  new InjectionError('request', 'the body must be a JSON object that has the objects of the rule');
