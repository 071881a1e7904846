import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/object-store.ts';

/**
 * Opens the object store at a URL. Few requests need one, so its code is loaded on first use.
 *
 * @param variable - the environment variable that holds the URL, for the error message
 * @throws ConfigurationError if the URL is neither `s3://` nor `file:`
 */
export async function openStore(variable: string, url: string): Promise<ObjectStore> {
  if (url.startsWith('s3://')) {
    const { SignedBucket } = await import('../../shared/signed-bucket.ts');
    return new SignedBucket(url.slice('s3://'.length));
  }
  if (url.startsWith('file:')) {
    const { Folder } = await import('../../shared/folder.ts');
    return new Folder(fileURLToPath(url));
  }
  throw new ConfigurationError(`${variable}: must be an s3:// or a file: URL, not ${url}`);
}
