import { open } from 'node:fs/promises';

/** Writes a file until its disk is full. */
export async function fillFile(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (let bytes = 2 ** 20; bytes >= 1; bytes /= 4) {
      const block = Buffer.alloc(bytes);
      try {
        for (;;) await file.write(block);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
