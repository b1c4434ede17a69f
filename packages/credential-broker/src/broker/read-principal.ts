import type { Principal } from './principal.ts';

const TYPES: readonly unknown[] = ['agent', 'workload', 'user'];
const MAX_ROLES = 64;

// Stores and limits keep names beside each other, logs show them in lines and take no halves of characters, and people
// decide by what they read. The joiners and selectors that scripts and emoji need are no danger to any of them.
const HIDDEN =
  /(?![\u200c\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** @throws {@link TypeError} when characters are halves, or control more than themselves; the value is not shown */
export function checkVisible(name: string, value: string): void {
  if (HIDDEN.test(value)) {
    throw new TypeError(`${name} must be well-formed text without control and format characters`);
  }
}

/** @throws {@link TypeError} unless the value is visible text of 1 to `max` characters; it is not shown */
export function checkText(name: string, value: unknown, max: number): asserts value is string {
  if (typeof value !== 'string' || value.length < 1 || value.length > max) {
    throw new TypeError(`${name} must be a string of 1 to ${max} characters`);
  }
  checkVisible(name, value);
}

/** SHA-256 in base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** @throws {@link TypeError} for what no key could be proven to have */
export function checkThumbprint(name: string, value: unknown): void {
  if (typeof value === 'string' && THUMBPRINT.test(value)) return;
  throw new TypeError(`${name} must be a SHA-256 thumbprint in base64url, of 43 characters`);
}

/**
 * Checks who asks, before anything else.
 *
 * @throws {@link TypeError} when it is no principal
 */
export function checkPrincipal(owner: string, principal: Principal): void {
  if (typeof principal !== 'object' || principal === null) {
    throw new TypeError(`${owner}: principal must be an object`);
  }
  const { id, tenant, type, roles, onBehalfOf, keyThumbprint } = principal;
  checkText(`${owner}: principal.id`, id, 256);
  checkText(`${owner}: principal.tenant`, tenant, 64);
  if (!TYPES.includes(type)) throw new TypeError(`${owner}: principal.type must be agent, workload or user`);
  if (onBehalfOf !== undefined) checkText(`${owner}: principal.onBehalfOf`, onBehalfOf, 256);
  if (keyThumbprint !== undefined) checkThumbprint(`${owner}: principal.keyThumbprint`, keyThumbprint);
  if (roles === undefined) return;
  if (!Array.isArray(roles) || roles.length > MAX_ROLES) {
    throw new TypeError(`${owner}: principal.roles must be a list of at most ${MAX_ROLES}`);
  }
  for (const role of roles) checkText(`${owner}: principal.roles`, role, 128);
}
