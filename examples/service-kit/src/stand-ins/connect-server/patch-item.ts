import { ConnectError } from './connect-error.ts';
import { objectOf } from './item-input.ts';

type Json = Record<string, unknown>;

const refuse = () => new ConnectError(400, 'Invalid patch operation');

/** Lists whose members are found by their id. */
const byId = (list: readonly unknown[], key: string) =>
  list.findIndex((each, i) => String(i) === key || (each as Json)?.['id'] === key);

/**
 * Changes a copy of an item by JSON Patch (RFC 6902), as far as the server knows it: add, replace and remove; the members of
 * `fields` are named by their id.
 *
 * @throws {@link ConnectError} 400, when an operation makes no sense
 */
export function patchItem(item: object, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw refuse();
  return operations.reduce<unknown>((patched, operation) => {
    const { op, path, value } = objectOf(operation, 'an operation');
    if (typeof path !== 'string' || !['add', 'replace', 'remove'].includes(String(op))) throw refuse();
    const keys = path
      .split('/')
      .slice(1)
      .filter((key) => key !== '');
    if (keys.length === 0)
      return op === 'replace' ? { ...(patched as Json), ...objectOf(value, 'value') } : patched;
    apply(patched as Json, keys, String(op), value);
    return patched;
  }, structuredClone(item));
}

/** No path leads into what every object has, such as `__proto__` and `constructor`. */
const ownValue = (target: unknown, key: string): unknown =>
  typeof target === 'object' && target !== null && Object.hasOwn(target, key)
    ? (target as Json)[key]
    : undefined;

function apply(root: Json, keys: readonly string[], op: string, value: unknown): void {
  let target: unknown = root;
  for (const key of keys.slice(0, -1)) {
    target = Array.isArray(target) ? (target as unknown[])[byId(target, key)] : ownValue(target, key);
  }
  const last = keys.at(-1) ?? '';
  if (typeof target !== 'object' || target === null) throw refuse();
  if (Array.isArray(target)) changeList(target, last, op, value);
  else changeObject(target as Json, last, op, value);
}

function changeList(list: unknown[], key: string, op: string, value: unknown): void {
  const at = byId(list, key);
  if (op === 'add') list.splice(at < 0 ? list.length : at, 0, value);
  else if (at < 0) throw refuse();
  else if (op === 'remove') list.splice(at, 1);
  else list[at] = { ...(list[at] as Json), ...objectOf(value, 'value') };
}

function changeObject(target: Json, key: string, op: string, value: unknown): void {
  const existing = ownValue(target, key);
  if (op === 'remove') delete target[key];
  else if (op === 'add' && Array.isArray(existing)) existing.push(value);
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
