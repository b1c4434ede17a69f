/** Every problem that a service tells of, with its status and title; there are no others. */
export const PROBLEMS = {
  'bad-request': [400, 'The request is malformed'],
  unauthenticated: [401, 'Authentication is required'],
  forbidden: [403, 'This is not allowed'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'request-timeout': [408, 'The request took too long to arrive'],
  conflict: [409, 'The state of the thing does not allow this'],
  'precondition-failed': [412, 'The thing has changed meanwhile'],
  'too-large': [413, 'The content is too large'],
  'unsupported-media-type': [415, 'The content is of the wrong kind'],
  misdirected: [421, 'This service has another name'],
  invalid: [422, 'The content is not valid'],
  'rate-limited': [429, 'There were too many requests'],
  'head-too-large': [431, 'The head of the request is too large'],
  internal: [500, 'The service made a mistake'],
  'upstream-failed': [502, 'A service behind this one failed'],
  unavailable: [503, 'The service is not available'],
  'upstream-timeout': [504, 'A service behind this one took too long'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

/** The name of a problem. */
export type ProblemName = keyof typeof PROBLEMS;

/** What is wrong with a part of the content. */
export interface ProblemPart {
  /** Where: a JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly detail: string;
}

/** What the constructor of a {@link ProblemError} takes. */
export interface ProblemOptions extends ErrorOptions {
  /** Header fields of the answer, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly errors?: readonly ProblemPart[] | undefined;
}

/** A request that is answered with a problem. The cause is for the log; the client sees the rest. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code = 'ERR_PROBLEM';
  readonly problem: ProblemName;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly ProblemPart[] | undefined;

  /** @param detail - what happened, written by us: never the text of another error */
  constructor(problem: ProblemName, detail: string, { headers = {}, errors, cause }: ProblemOptions = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.headers = headers;
    this.errors = errors;
  }

  get status(): number {
    return PROBLEMS[this.problem][0];
  }

  /** The problem as `application/problem+json` (RFC 9457). */
  toJSON(): Readonly<Record<string, unknown>> {
    const [status, title] = PROBLEMS[this.problem];
    const type = `urn:holdfast:problem:${this.problem}`;
    return { type, title, status, detail: this.message, ...(this.errors && { errors: this.errors }) };
  }
}
