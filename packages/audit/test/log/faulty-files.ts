import { diskFiles, type AppendFile, type AuditFiles } from '@holdfast/audit';

/** The calls that may fail. */
export type Call =
  'create' | 'write' | 'sync' | 'truncate' | 'rename' | 'replace' | 'remove' | 'syncPath' | 'identity';

/** A call that is about to be made. */
export interface FileCall {
  readonly call: Call;
  readonly path: string;
  /** For calls of a file that is being written: which one, counted from 1. */
  readonly file?: number;
}

/** The machine's files, with faults in between. */
export interface FaultyFiles {
  readonly files: AuditFiles;
  /** Every call so far. */
  readonly calls: FileCall[];
  /** Decides about each call: throws for a fault, waits for a slow disk. */
  inject: ((call: FileCall) => void | Promise<void>) | undefined;
  /** What a loss of power would take: files that were not synced, and what was written to others after their sync. */
  readonly unsynced: { readonly files: Set<string>; readonly lengths: Map<string, number> };
  /** Lets all calls end and no further one begin while something is done. */
  frozen<T>(run: () => T): Promise<T>;
}

/** An error as the system gives it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** Lets calls through, one frozen moment after another excepted. */
function createGate() {
  let active = 0;
  let open: Promise<void> = Promise.resolve();
  return {
    async pass<T>(run: () => Promise<T>): Promise<T> {
      await open;
      active++;
      return run().finally(() => active--);
    },
    async frozen<T>(run: () => T): Promise<T> {
      let release = () => {};
      open = new Promise((resolve) => (release = resolve));
      while (active > 0) await new Promise(setImmediate);
      try {
        return run();
      } finally {
        release();
      }
    },
  };
}

/** Makes file access that fails when it is told to. */
export function faultyFiles(): FaultyFiles {
  let opened = 0;
  const gate = createGate();
  const calls: FileCall[] = [];
  const unsynced = { files: new Set<string>(), lengths: new Map<string, number>() };
  const before = async (call: FileCall) => {
    calls.push(call);
    await faulty.inject?.(call);
  };
  const checked = async <T>(call: FileCall, run: () => Promise<T>): Promise<T> => {
    await before(call);
    return gate.pass(run);
  };
  const wrapped = (inner: AppendFile, path: string): AppendFile => {
    const file = ++opened;
    let written = 0;
    unsynced.lengths.set(path, 0);
    return {
      write: (bytes, length) =>
        checked({ call: 'write', path, file }, async () => {
          await inner.write(bytes, length);
          written += length;
        }),
      sync: () =>
        checked({ call: 'sync', path, file }, async () => {
          const length = written;
          await inner.sync();
          // The file may have another name by now.
          unsynced.lengths.set(path.replace(/\.new$/, ''), length);
        }),
      truncate: (length) => checked({ call: 'truncate', path, file }, () => inner.truncate(length)),
      close: () => inner.close(),
      identity: () => inner.identity(),
    };
  };
  const files: AuditFiles = {
    ...diskFiles,
    create: async (path) =>
      wrapped(await checked({ call: 'create', path }, () => diskFiles.create(path)), path),
    rename: (from, to) => checked({ call: 'rename', path: to }, () => diskFiles.rename(from, to)),
    replace: (path, bytes, draft) =>
      checked({ call: 'replace', path }, async () => {
        await diskFiles.replace(path, bytes, draft);
        unsynced.files.add(path);
      }),
    remove: (path) => checked({ call: 'remove', path }, () => diskFiles.remove(path)),
    sync: (path) =>
      checked({ call: 'syncPath', path }, async () => {
        await diskFiles.sync(path);
        unsynced.files.delete(path);
        if (unsynced.lengths.has(path)) unsynced.lengths.set(path, Infinity);
      }),
    identity: (path) => checked({ call: 'identity', path }, () => diskFiles.identity(path)),
  };
  const faulty: FaultyFiles = {
    files,
    calls,
    unsynced,
    inject: undefined,
    frozen: (run) => gate.frozen(run),
  };
  return faulty;
}
