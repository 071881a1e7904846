import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openPage } from '../../local/serving/page.ts';
import { useLoopbackServer } from './loopback-server.ts';

/** A built page and the address that serves it. */
export interface PageServer {
  readonly origin: string;
  /** Its files. */
  readonly folder: string;
}

/**
 * Serves a page for all tests of a file, like `npm start`.
 *
 * @param files - the contents of its files, by path
 */
export function usePageServer(files: Readonly<Record<string, string>>): PageServer {
  const server = useLoopbackServer();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-page-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const page = await openPage(folder);
    server.answer = (request, response) => {
      if (!page(request, response)) response.writeHead(404).end();
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    get origin() {
      return server.origin;
    },
    get folder() {
      return folder;
    },
  };
}
