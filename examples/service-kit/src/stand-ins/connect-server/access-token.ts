import { createHash, timingSafeEqual } from 'node:crypto';
import { ConnectError } from './connect-error.ts';

/** A token that the server takes, and what it may do with it. */
export interface AccessToken {
  readonly token: string;
  /** The vaults that it may see, by id; default all of them. */
  readonly vaults?: readonly string[] | undefined;
  /** Whether it may change what it sees. Default `false`. */
  readonly writes?: boolean | undefined;
}

const hash = (text: string) => createHash('sha256').update(text).digest();

/**
 * Finds the token of a request.
 *
 * @throws {@link ConnectError} 401
 */
export function authenticate(tokens: readonly AccessToken[], header: string | undefined): AccessToken {
  const given = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
  if (given === undefined) throw new ConnectError(401, 'Authorization token was not provided');
  const known = tokens.find(({ token }) => timingSafeEqual(hash(token), hash(given)));
  if (known === undefined) throw new ConnectError(401, 'Invalid token signature');
  return known;
}

export const maySee = ({ vaults }: AccessToken, vaultId: string): boolean =>
  vaults?.includes(vaultId) ?? true;

/**
 * Lets a token do something in a vault.
 *
 * @throws {@link ConnectError} 403
 */
export function authorize(token: AccessToken, vaultId: string, writes: boolean): void {
  if (!maySee(token, vaultId)) throw new ConnectError(403, `vault ${vaultId} is not in scope`);
  if (writes && token.writes !== true) throw new ConnectError(403, 'token does not have write permission');
}
