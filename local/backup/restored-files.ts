import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SigningKeys } from '../../functions/api/auth/signing-keys.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { Installation } from '../installation/installation.ts';
import { replaceFile } from '../installation/local-secrets.ts';
import { partialOf } from '../installation/partial-files.ts';
import { exists } from '../installation/postgres-programs.ts';
import { CHOICE, SIGNING_KEYS } from './backup.ts';

/** Writes the files of a backup to their places in an installation. */
export class FileRestorer {
  readonly #installation: Installation;
  constructor(installation: Installation) {
    this.#installation = installation;
  }

  /**
   * Writes a file, which replaces one of the same name.
   *
   * @param path - its path in the archive
   * @throws BadInputError if no backup has a file there
   */
  async write(path: string, content: AsyncIterable<Buffer>): Promise<void> {
    const place = this.#placeOf(path);
    if (path === SIGNING_KEYS) return addKeys(place, content);
    // The choice that was made for this folder stays.
    if (path === CHOICE && (await exists(place))) return;
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    const partial = partialOf(place);
    const file = await open(partial, 'w', 0o600);
    try {
      for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, place);
  }

  #placeOf(path: string): string {
    const { dataDir, objects, publications } = this.#installation;
    if (path === CHOICE || path === SIGNING_KEYS) return join(dataDir, path);
    const [folder, ...rest] = path.split('/');
    const isBelow = rest.length > 0 && rest.every((part) => part !== '' && part !== '.' && part !== '..');
    // On Windows, a backslash or a drive would leave the folder, too.
    if (isBelow && !/[\\:\0]/.test(rest.join(''))) {
      if (folder === 'objects') return join(objects, ...rest);
      if (folder === 'publications') return join(publications, ...rest);
    }
    throw new BadInputError(`the backup has a file that no backup contains (${path}): use another backup`);
  }
}

/** Adds the keys of a backup to those of the data folder, which may encrypt secrets of other databases. */
async function addKeys(place: string, content: AsyncIterable<Buffer>): Promise<void> {
  const { success, data: restored } = SigningKeys.safeParse(await readJson(content));
  // The error of the schema would contain the keys.
  if (!success) throw new BadInputError('the keys in the backup are malformed: use another backup');
  const own = SigningKeys.parse(JSON.parse(await readFile(place, 'utf8')));
  const merged: SigningKeys = {
    ...own,
    keys: union(own.keys, restored.keys),
    encryption: union(own.encryption ?? [], restored.encryption ?? []),
  };
  await replaceFile(place, JSON.stringify(merged));
}

async function readJson(content: AsyncIterable<Buffer>): Promise<unknown> {
  try {
    return JSON.parse(await text(content));
  } catch {
    return undefined;
  }
}

function union<Key extends { kid: string }>(own: readonly Key[], others: readonly Key[]): Key[] {
  return [...own, ...others.filter(({ kid }) => !own.some((key) => key.kid === kid))];
}
