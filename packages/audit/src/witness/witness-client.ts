import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline, type Clock, type Strategy } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { openNote, parseNote, signatureLine } from '../note/note.ts';
import { fetchBounded, type Answer, type Fetch } from '../remote/fetch-bounded.ts';
import { RemoteError } from '../remote/remote-error.ts';
import { formatAddCheckpoint, parseSize, SIZE_TYPE } from './add-checkpoint.ts';
import { WitnessError, type WitnessFault } from './witness-error.ts';
import type { PolicyWitness } from './witness-policy.ts';

/** What a witness is asked to cosign. */
export interface Submission {
  readonly origin: string;
  readonly size: number;
  /** The signed checkpoint. */
  readonly note: string;
  /** Proves that the log only grew since it had `from` entries. */
  consistency(from: number): Promise<readonly Uint8Array[]>;
}

/** How witnesses are called. */
export interface WitnessCalls {
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: (() => number) | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** A witness whose state is not known says it in a conflict; one more when another submission came between. */
const MAX_ROUNDS = 3;

const FAULTS: Readonly<Record<number, WitnessFault>> = {
  403: 'bad-signature',
  404: 'unknown-log',
  422: 'bad-proof',
};

const WORTH_ANOTHER_TRY = new Set([408, 425, 429]);

/** Asks one witness for cosignatures, behind timeout, breaker and retry. */
export class WitnessClient {
  readonly name: string;
  private readonly witness: PolicyWitness;
  private readonly url: string;
  private readonly fetch: Fetch;
  private readonly guarded: Strategy;
  /** The size that the witness cosigned last, for each log. */
  private readonly cosigned = new Map<string, number>();

  constructor(witness: PolicyWitness, url: string, { timeoutMs, fetch, clock, random }: WitnessCalls) {
    this.name = witness.name;
    this.witness = witness;
    this.url = `${url.replace(/\/+$/, '')}/add-checkpoint`;
    this.fetch = fetch;
    this.guarded = pipeline(
      retry({ name: `witness ${this.name}`, maxAttempts: 3, clock, random }),
      circuitBreaker({ name: `witness ${this.name}`, clock }),
      timeout({ name: `witness ${this.name}`, timeoutMs, clock }),
    );
  }

  /**
   * Asks for a cosignature.
   *
   * @returns its line, verified
   * @throws {@link WitnessError} when the witness refuses
   * @throws {@link RemoteError} when it cannot be asked now
   */
  async cosign(submission: Submission, signal: AbortSignal): Promise<string> {
    const { origin, size } = submission;
    let oldSize = this.cosigned.get(origin) ?? 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (oldSize > size) throw this.refusal('rolled-back');
      const answer = await this.ask(submission, oldSize, signal);
      if (answer.status === 200) {
        const line = this.read(submission.note, answer.body);
        this.cosigned.set(origin, size);
        return line;
      }
      if (answer.status !== 409) throw this.refusal(FAULTS[answer.status] ?? 'bad-answer');
      // Not remembered: nothing in it is signed, and one wrong answer would end all later rounds.
      oldSize = this.conflict(answer, oldSize);
    }
    throw this.refusal('bad-answer');
  }

  private async ask(submission: Submission, oldSize: number, signal: AbortSignal): Promise<Answer> {
    const { note, size } = submission;
    const proof = oldSize === 0 || oldSize === size ? [] : await submission.consistency(oldSize);
    const body = formatAddCheckpoint({ oldSize, proof, checkpoint: note });
    return this.guarded.execute((ctx) => this.post(body, ctx.signal), { signal });
  }

  /** What the witness says about the log is an answer; that it cannot answer is a failure of the witness. */
  private async post(body: string, signal: AbortSignal): Promise<Answer> {
    const init = { method: 'POST', body, signal };
    const answer = await fetchBounded(this.fetch, this.url, init, MAX_ANSWER_BYTES);
    if (answer.status >= 500 || WORTH_ANOTHER_TRY.has(answer.status)) {
      throw new RemoteError(`the witness ${this.name} answers ${answer.status}`, answer.status);
    }
    return answer;
  }

  /** The size that the witness has, from its conflict; the same size again means another tree. */
  private conflict({ type, body }: Answer, oldSize: number): number {
    const size = type === SIZE_TYPE ? parseSize(body.toString().replace(/\n$/, '')) : undefined;
    if (size === undefined || size === oldSize) throw this.refusal('forked');
    return size;
  }

  private read(note: string, body: Buffer): string {
    try {
      const { text, verified } = openNote(`${note}${body.toString()}`, [this.witness.verifier]);
      const own = verified.at(-1);
      // An answer with an empty line in it would move the end of the text, and so be a signature of something else.
      if (own !== undefined && text === parseNote(note).text) {
        return signatureLine(own);
      }
    } catch {
      // Told below: whatever the witness sent is not what it must send.
    }
    throw this.refusal('bad-answer');
  }

  private refusal(fault: WitnessFault): WitnessError {
    return new WitnessError(this.name, fault);
  }
}
