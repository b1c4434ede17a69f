/** A request that was made to the provider. No entry holds a code, a token or a secret. */
export interface OidcActivity {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** What was asked for at the token endpoint. */
  readonly grantType?: string | undefined;
  /** What came along, but for what is secret. */
  readonly parameters: Readonly<Record<string, string>>;
}

const SECRET = ['code', 'client_secret', 'code_verifier', 'refresh_token', 'token', 'access_token', 'state'];

/** What of the parameters of a request can be remembered. */
export function shownParameters(parameters: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...parameters].filter(([name]) => !SECRET.includes(name)));
}
