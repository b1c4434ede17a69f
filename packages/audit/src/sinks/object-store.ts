/** An object to store. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** How long others may keep a copy. */
  readonly cacheControl: string;
}

/** Somewhere that keeps objects by name. */
export interface ObjectStore {
  /** Resolves once the object is stored; one of the same name is replaced. */
  put(object: StoredObject, signal: AbortSignal): Promise<void>;
}
