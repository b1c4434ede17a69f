const ID = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[0-9a-f]{16,}|(?=.*\d)[\w-]{20,})$/i;

/** The longest path that is kept whole. */
const MAX_LENGTH = 100;

/**
 * Replaces the parts of a path that look like ids (numbers, UUIDs, long tokens) and cuts it to 100 characters. For
 * servers without a router; where there is one, take its template.
 *
 * @example
 * ```ts
 * import { templatePath } from '@holdfast/metrics';
 *
 * console.assert(templatePath('/users/42/orders?page=2') === '/users/{id}/orders');
 * ```
 */
export function templatePath(path: string): string {
  const [plain = ''] = path.split(/[?#]/, 1);
  const parts = plain.split('/').map((part) => (ID.test(part) ? '{id}' : part));
  return parts.join('/').slice(0, MAX_LENGTH);
}
