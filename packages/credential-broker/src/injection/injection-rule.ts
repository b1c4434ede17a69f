/**
 * Where a secret goes. A template is text in which `{name}` stands for a field of the credential: it belongs to the rule,
 * and what a request holds is never read as one. What the request itself has in that place is replaced.
 */
export type Injection =
  /** A header field. */
  | { readonly into: 'header'; readonly name: string; readonly template: string }
  /** The header field `Authorization` (RFC 7617). Default `{username}` and `{password}`. */
  | {
      readonly into: 'basic';
      readonly username?: string | undefined;
      readonly password?: string | undefined;
    }
  /** A parameter of the query, or a field of a body of type `application/x-www-form-urlencoded`. */
  | { readonly into: 'query' | 'form'; readonly name: string; readonly template: string }
  /** A member of a JSON body, by its JSON pointer (RFC 6901); the objects around it must be there. */
  | { readonly into: 'json'; readonly pointer: string; readonly template: string };

/** Which requests are sent with which credential. Of several rules that allow a request, the first is taken. */
export interface InjectionRule {
  /** What the audit log calls it. 1 to 64 letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  /** The references of the credentials: patterns with `*` for text without a slash and `**` for any text. */
  readonly refs: readonly string[];
  /**
   * Where the request goes, to the letter: `https://api.example` or `https://api.example:8443`. A lease that has an
   * audience is for the origin of that name alone.
   */
  readonly origin: string;
  /** Of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` and `OPTIONS`. Default `GET` and `HEAD`. */
  readonly methods?: readonly string[] | undefined;
  /** The paths: in a pattern, `*` stands for one segment, and `**` at its end for the rest. */
  readonly paths: readonly string[];
  /** A scope that the lease must have. Default none. */
  readonly scope?: string | undefined;
  /** Where the secret goes. At least one place. */
  readonly inject: readonly Injection[];
  /** Header fields of the request that are sent, besides the usual ones. Default none. */
  readonly requestHeaders?: readonly string[] | undefined;
  /** Header fields of the answer that are handed on, besides the usual ones. Default none. */
  readonly responseHeaders?: readonly string[] | undefined;
}
