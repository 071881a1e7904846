import type { ObjectReader } from '../../shared/object-store.ts';
import type { SendResult } from '../contracts.ts';
import { BatchResults, fromBytes } from './batch.ts';

/**
 * Notes the results of a batch in the outbox. It may run twice for the same results.
 *
 * @param key - the key of the results
 * @param settle - notes one result; a repetition changes nothing
 * @returns the number of results
 */
export async function settleBatch(
  objects: ObjectReader,
  settle: (id: string, result: SendResult) => Promise<unknown>,
  key: string,
): Promise<number> {
  const found = await objects.get(key);
  if (!found) return 0;
  const { results } = fromBytes(BatchResults, found);
  for (const { id, result } of results) await settle(id, result);
  return results.length;
}
