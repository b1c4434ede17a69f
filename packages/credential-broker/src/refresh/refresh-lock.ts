import { promised } from '../leases/promised.ts';

/** Lets one at a time renew a token, across processes where its state is shared. */
export interface RefreshLock {
  /**
   * Takes the lock with a name, without waiting.
   *
   * @returns what gives it back, which never fails; nothing while somebody else has it
   */
  take(name: string): Promise<(() => Promise<void>) | undefined>;
}

/**
 * Makes locks that hold within one process.
 *
 * @example
 * ```ts
 * import { memoryLock } from '@holdfast/credential-broker';
 *
 * const release = await memoryLock().take('acme/github');
 * await release?.();
 * ```
 */
export function memoryLock(): RefreshLock {
  const taken = new Set<string>();
  return {
    take: (name) =>
      promised(() => {
        if (taken.has(name)) return undefined;
        taken.add(name);
        return () => promised(() => void taken.delete(name));
      }),
  };
}
