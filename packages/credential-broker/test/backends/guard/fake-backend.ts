import {
  BackendError,
  Secret,
  type Backend,
  type BackendFailure,
  type BackendLease,
} from '@holdfast/credential-broker';

/** A backend whose answers the test decides; it counts what it is asked. */
export class FakeBackend implements Backend {
  readonly kind = 'fake';
  readonly keepsSecrets: boolean;
  readonly quota: Backend['quota'];
  readonly asked: string[] = [];
  readonly revoked: string[] = [];
  /** What it gave, as it gave it. */
  readonly given: Secret[] = [];
  closed = false;
  /** How many are being asked at the moment, and were at most. */
  running = 0;
  mostRunning = 0;
  password = 'first';
  /** What it says of a credential besides. */
  says: Omit<BackendLease, 'credential'> = {};
  /** What happens before each answer. */
  before: (signal: AbortSignal) => unknown = () => undefined;

  constructor(more: { keepsSecrets?: boolean; quota?: Backend['quota'] } = {}) {
    this.keepsSecrets = more.keepsSecrets ?? true;
    this.quota = more.quota;
  }

  fail(failure: BackendFailure, options: { retryAfterMs?: number; transient?: boolean } = {}): void {
    this.before = () => {
      throw new BackendError(failure, `scripted ${failure}`, options);
    };
  }

  heal(): void {
    this.before = () => undefined;
  }

  async inspect(_: unknown, signal: AbortSignal) {
    await this.ask('inspect', signal);
    return { maxTtlMs: 1_000 };
  }

  async issue(_: unknown, signal: AbortSignal) {
    await this.ask('issue', signal);
    const credential = { password: new Secret(this.password) };
    this.given.push(credential.password);
    return this.keepsSecrets
      ? { credential, ...this.says }
      : { credential, ref: `ref-${this.asked.length}`, expiresAtMs: 1 };
  }

  async revoke(ref: string) {
    this.revoked.push(ref);
  }

  close() {
    this.closed = true;
  }

  async health(signal: AbortSignal) {
    await this.ask('health', signal);
  }

  private async ask(method: string, signal: AbortSignal) {
    this.asked.push(method);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      await this.before(signal);
    } finally {
      this.running--;
    }
  }
}
