import { createHash, randomBytes } from 'node:crypto';
import { closeRow, openRow, type SealingKeys } from '../sealed-rows/row-box.ts';
import type { SealedRowName, SealedRows } from '../sealed-rows/sealed-row.ts';
import { issuerOf, type OAuthProvider } from './oauth-provider.ts';

/** What is kept of a flow, encrypted, while the user is at the provider. */
export interface Flow {
  readonly verifier: string;
  /** What its ID token has to hold, where one was asked for. */
  readonly nonce?: string | undefined;
  readonly redirectUri: string;
  readonly scope: readonly string[];
  /** The name of the token that it is for. */
  readonly name: string;
  readonly data?: string | undefined;
}

/** Who comes back: everything that has to be as it was when the flow began. */
export interface FlowName {
  readonly provider: Pick<OAuthProvider, 'name' | 'clientId' | 'server'>;
  readonly tenant: string;
  readonly browser: string;
  readonly state: string;
}

// 32 bytes are 43 characters, 96 are the 128 that a verifier may have (RFC 7636, 4.1). Nothing is drawn with a remainder.
export const newState = () => randomBytes(32).toString('base64url');
export const newVerifier = () => randomBytes(96).toString('base64url');

/** The one name that both halves of a flow go by: of another browser, provider or tenant there is no such row. */
function rowName({ provider, tenant, browser, state }: FlowName): SealedRowName {
  const id = createHash('sha256')
    .update(JSON.stringify([provider.name, issuerOf(provider), provider.clientId, browser, state]))
    .digest('base64url');
  return { kind: 'flow', tenant, id };
}

/** Flows that have begun and are not over. */
export class Flows {
  private readonly rows: SealedRows;
  private readonly keys: SealingKeys;

  constructor(rows: SealedRows, keys: SealingKeys) {
    this.rows = rows;
    this.keys = keys;
  }

  /** Begins a flow, and removes those that nobody finished. */
  async begin(name: FlowName, flow: Flow, nowMs: number, expiresAtMs: number): Promise<void> {
    await this.rows.removeOver('flow', nowMs);
    const row = rowName(name);
    const box = await closeRow(this.keys, row, JSON.stringify(flow));
    const times = { expiresAtMs, dueAtMs: expiresAtMs, removeAtMs: expiresAtMs };
    await this.rows.put({ ...row, ...times, box, version: 1 });
  }

  /** Ends a flow. @returns nothing where there is none, where its time is over, and the second time */
  async end(name: FlowName, nowMs: number): Promise<Flow | undefined> {
    const row = await this.rows.take(rowName(name));
    if (row === undefined || nowMs >= row.expiresAtMs) return undefined;
    return JSON.parse(await openRow(this.keys, rowName(name), row.box)) as Flow;
  }
}
