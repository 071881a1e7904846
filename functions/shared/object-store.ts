/** Where something is read from: a bucket or a folder. */
export interface ObjectReader {
  /** Reads an object; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** Where raw records, scores and model releases are kept. */
export interface ObjectStore extends ObjectReader {
  /** Writes an object whole: a reader sees the old one or the new one, never a part. */
  put(key: string, body: Uint8Array): Promise<void>;
}
