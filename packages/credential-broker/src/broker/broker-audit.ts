/** What the broker writes of everything that it gives and refuses; the event of `@holdfast/audit` has this shape. */
export interface BrokerAuditEvent {
  readonly tenant: string;
  readonly actor: { readonly id: string; readonly type: string };
  readonly onBehalfOf?: { readonly id: string } | undefined;
  /** E.g. `credential.issued`, `credential.redeemed`, `credential.revoked`, `approval.granted`. */
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly outcome: 'success' | 'denied' | 'failure';
  readonly reason?: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Where the broker writes: an audit log of `@holdfast/audit`, or whatever keeps what it resolves for. */
export interface BrokerAudit {
  /** Resolves once the event is kept. */
  append(event: BrokerAuditEvent): Promise<unknown>;
}
