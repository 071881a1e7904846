import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore, WriteOnceStore } from './object-store.ts';

/** An object store in a folder, one file per object. */
export class Folder implements ObjectStore, WriteOnceStore {
  readonly #root: string;
  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    const path = join(this.#root, key);
    await rename(await writePartial(path, body), path);
  }

  async create(key: string, body: Uint8Array): Promise<boolean> {
    const path = join(this.#root, key);
    const partial = await writePartial(path, body);
    try {
      // Unlike a rename, a link never replaces a file.
      await link(partial, path);
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(partial);
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, key));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

/** Writes a file next to a path, from which it can be moved there. */
async function writePartial(path: string, body: Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  await writeFile(partial, body);
  return partial;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
