import type { Principal } from './principal.ts';

const TYPES: readonly unknown[] = ['agent', 'workload', 'user'];
const MAX_ROLES = 64;

/** @throws {@link TypeError} unless the value is a string of 1 to `max` characters; the value is not shown */
export function checkText(name: string, value: unknown, max: number): asserts value is string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= max) return;
  throw new TypeError(`${name} must be a string of 1 to ${max} characters`);
}

// Stores and limits keep names beside each other, and logs show them in lines.
const CONTROL = /\p{Cc}/u;

/** @throws {@link TypeError} unless the value is a string of 1 to `max` characters that can all be seen; it is not shown */
export function checkName(name: string, value: unknown, max: number): asserts value is string {
  checkText(name, value, max);
  if (CONTROL.test(value)) {
    throw new TypeError(`${name} must be a string of 1 to ${max} characters without control characters`);
  }
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
  checkName(`${owner}: principal.id`, id, 256);
  checkName(`${owner}: principal.tenant`, tenant, 64);
  if (!TYPES.includes(type)) throw new TypeError(`${owner}: principal.type must be agent, workload or user`);
  if (onBehalfOf !== undefined) checkName(`${owner}: principal.onBehalfOf`, onBehalfOf, 256);
  if (keyThumbprint !== undefined) checkText(`${owner}: principal.keyThumbprint`, keyThumbprint, 128);
  if (roles === undefined) return;
  if (!Array.isArray(roles) || roles.length > MAX_ROLES) {
    throw new TypeError(`${owner}: principal.roles must be a list of at most ${MAX_ROLES}`);
  }
  for (const role of roles) checkText(`${owner}: principal.roles`, role, 128);
}
