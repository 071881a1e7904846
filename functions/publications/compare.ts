import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Transaction } from '../shared/database.ts';
import { canonicalize, type Publication, type PublishedCall, writeCanonical } from './canonical.ts';
import type { Difference } from './difference.ts';
import type { StoredPublication } from './stored.ts';

/** What a comparison needs of a copy. */
const Copy = z.looseObject({
  calls: z.array(z.looseObject({ id: z.string(), symbol: z.string(), profile: z.string() })),
});
type CopiedCall = z.output<typeof Copy>['calls'][number];

/**
 * The first difference between a publication's rows and its copy, in the order of the calls.
 *
 * @param isOriginal - whether the copy has the stored hash, so that the rows are what changed
 */
export async function compareWithCopy(
  tx: Transaction,
  publication: StoredPublication,
  copy: Uint8Array,
  isOriginal: boolean,
): Promise<Difference> {
  const { id } = publication;
  const parsed = Copy.safeParse(parseJson(copy));
  if (!parsed.success) return { kind: 'different copy', publication: id };
  const { calls, ...rest } = parsed.data;
  const difference =
    (await firstCall(tx, publication, new Map(calls.map((call) => [call.id, call])))) ??
    ({ kind: 'changed publication', publication: id, members: differing(rest, rowOf(publication)) } as const);
  return isOriginal ? difference : { ...difference, kind: 'different copy' };
}

async function firstCall(
  tx: Transaction,
  publication: StoredPublication,
  copied: Map<string, CopiedCall>,
): Promise<Difference | undefined> {
  let found: Difference | undefined;
  await writeCanonical(
    tx,
    publication,
    () => {},
    ({ call, sha256 }) => {
      const original = copied.get(call.id);
      copied.delete(call.id);
      if (found || (original && hashOf(original) === sha256)) return;
      found = original
        ? { ...located('changed call', publication, call), members: differing(original, call) }
        : located('added call', publication, call);
    },
  );
  const [missing] = copied.values();
  return found ?? (missing && located('missing call', publication, missing));
}

/** The hash of a copied call; null if it has no canonical form, as a changed copy can. */
function hashOf(call: CopiedCall): string | null {
  try {
    return hash('sha256', canonicalize(call));
  } catch {
    return null;
  }
}

function located(
  kind: Difference['kind'],
  { id: publication }: StoredPublication,
  { id, symbol, profile }: Pick<PublishedCall, 'id' | 'symbol' | 'profile'>,
): Difference {
  return { kind, publication, call: { id, symbol, profile } };
}

/** The members of a publication that its own row holds. */
function rowOf({ id, asOf, runId, publishedAt, releaseSha256, previous }: StoredPublication): Publication {
  return { id, asOf, runId, publishedAt, releaseSha256, previous };
}

/** The names of members whose values differ. */
function differing(one: object, other: object): string[] {
  const left = new Map<string, unknown>(Object.entries(one));
  const right = new Map<string, unknown>(Object.entries(other));
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .sort();
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
