/** A bucket or folder to read from. */
export interface ObjectReader {
  /** Reads an object; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** A store of raw records, scores and model releases. */
export interface ObjectStore extends ObjectReader {
  /** Writes an object atomically: a reader sees the old one or the new one, never a part. */
  put(key: string, body: Uint8Array): Promise<void>;
}

/** A store whose objects are never replaced. */
export interface WriteOnceStore extends ObjectReader {
  /** Writes an object atomically, unless the key has one. Returns whether it wrote. */
  create(key: string, body: Uint8Array): Promise<boolean>;
}
