import { diskFiles, type AppendFile, type AuditFiles } from '@holdfast/audit';

/** The calls that may fail. */
export type Call = 'create' | 'write' | 'sync' | 'rename' | 'replace' | 'syncPath' | 'identity' | 'truncate';

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
}

/** An error as the system gives it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** Makes file access that fails when it is told to. */
export function faultyFiles(): FaultyFiles {
  let opened = 0;
  const faulty: FaultyFiles = { files: diskFiles, calls: [], inject: undefined };
  const before = async (call: FileCall) => {
    faulty.calls.push(call);
    await faulty.inject?.(call);
  };
  const wrapped = (inner: AppendFile, path: string): AppendFile => {
    const file = ++opened;
    return {
      write: async (bytes, length) => {
        await before({ call: 'write', path, file });
        await inner.write(bytes, length);
      },
      sync: async () => {
        await before({ call: 'sync', path, file });
        await inner.sync();
      },
      truncate: async (length) => {
        await before({ call: 'truncate', path, file });
        await inner.truncate(length);
      },
      close: () => inner.close(),
      identity: () => inner.identity(),
    };
  };
  const files: AuditFiles = {
    ...diskFiles,
    create: async (path) => {
      await before({ call: 'create', path });
      return wrapped(await diskFiles.create(path), path);
    },
    rename: async (from, to) => {
      await before({ call: 'rename', path: to });
      await diskFiles.rename(from, to);
    },
    replace: async (path, bytes, draft) => {
      await before({ call: 'replace', path });
      await diskFiles.replace(path, bytes, draft);
    },
    sync: async (path) => {
      await before({ call: 'syncPath', path });
      await diskFiles.sync(path);
    },
    identity: async (path) => {
      await before({ call: 'identity', path });
      return diskFiles.identity(path);
    },
  };
  return Object.assign(faulty, { files });
}
