import type { Worker } from 'node:worker_threads';
import { AuditClosedError } from '../errors.ts';
import type { ServiceAnswer, ServiceCall } from './service.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls a service in a worker thread. The thread keeps the process alive only while somebody waits for an answer. */
export class ServiceClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private readonly over = new AbortController();

  constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', (answer: ServiceAnswer) => this.take(answer));
    worker.on('error', (error) => this.end(error as Error));
    worker.on('exit', () => this.end(new Error('the thread has ended')));
    worker.unref();
  }

  /** Aborts when the thread has ended, also by itself. */
  get ended(): AbortSignal {
    return this.over.signal;
  }

  call(method: string, argument?: unknown): Promise<unknown> {
    if (this.ended.aborted) return Promise.reject(this.ended.reason as Error);
    const id = this.calls++;
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) this.worker.ref();
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, argument } satisfies ServiceCall);
    });
  }

  /** Ends the thread once it has answered everything. */
  async close(): Promise<void> {
    if (!this.ended.aborted) await this.call('close').catch(() => {});
    this.end(new AuditClosedError());
    await this.worker.terminate();
  }

  private take(answer: ServiceAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker.unref();
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.value);
  }

  private end(error: Error): void {
    this.over.abort(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
