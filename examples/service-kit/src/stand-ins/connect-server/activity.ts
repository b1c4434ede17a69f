import { randomUUID } from 'node:crypto';
import type { AccessToken } from './access-token.ts';

/** A request that was made to the server. */
export interface ActivityEntry {
  readonly requestId: string;
  readonly timestamp: string;
  readonly action: 'READ' | 'CREATE' | 'UPDATE' | 'DELETE';
  readonly result: 'SUCCESS' | 'DENY';
  readonly actor: { readonly jti: string; readonly userAgent: string; readonly requestIp: string };
  readonly resource: {
    readonly type: 'VAULT' | 'ITEM';
    readonly vault?: { readonly id: string };
    readonly item?: { readonly id: string };
  };
}

const ACTIONS: Readonly<Record<string, ActivityEntry['action']>> = {
  GET: 'READ',
  POST: 'CREATE',
  PUT: 'UPDATE',
  PATCH: 'UPDATE',
  DELETE: 'DELETE',
};

const MAX_ENTRIES = 10_000;

/** Remembers who asked for what, the latest first. */
export class Activity {
  private readonly entries: ActivityEntry[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  note(
    request: { readonly method: string; readonly userAgent: string; readonly requestIp: string },
    token: AccessToken,
    place: { readonly vault?: string | undefined; readonly item?: string | undefined },
    denied: boolean,
  ): void {
    const { vault, item } = place;
    this.entries.unshift({
      requestId: randomUUID(),
      timestamp: new Date(this.now()).toISOString(),
      action: ACTIONS[request.method] ?? 'READ',
      result: denied ? 'DENY' : 'SUCCESS',
      // Names the token, and is not it.
      actor: {
        jti: `${token.token.slice(0, 3)}…`,
        userAgent: request.userAgent,
        requestIp: request.requestIp,
      },
      resource: {
        type: item === undefined ? 'VAULT' : 'ITEM',
        ...(vault !== undefined && { vault: { id: vault } }),
        ...(item !== undefined && { item: { id: item } }),
      },
    });
    this.entries.length = Math.min(this.entries.length, MAX_ENTRIES);
  }

  /** Some of them, and how many there are. */
  page(
    offset: number,
    limit: number,
  ): { readonly entries: readonly ActivityEntry[]; readonly total: number } {
    return { entries: this.entries.slice(offset, offset + limit), total: this.entries.length };
  }
}
