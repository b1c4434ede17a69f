/** The kinds of thing that credentials are for. */
export const RESOURCE_TYPES = ['database', 'api', 'ssh', 'generic'] as const;

/** What kind of thing a credential is for. */
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** What a credential is for. */
export interface Resource {
  readonly type: ResourceType;
  /**
   * Where the credential comes from: the name of a backend and what it knows the credential by, `op://prod/orders-db`. At
   * most 512 characters.
   */
  readonly ref: string;
}
