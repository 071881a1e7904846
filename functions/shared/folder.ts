import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably, replaceDurably } from './durable-files.ts';
import type { ObjectStore, WriteOnceStore } from './object-store.ts';

/** An object store in a folder, one file per object. */
export class Folder implements ObjectStore, WriteOnceStore {
  readonly #root: string;
  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await replaceDurably(join(this.#root, key), { body });
  }

  async create(key: string, body: Uint8Array): Promise<boolean> {
    return createDurably(join(this.#root, key), { body });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, key));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
