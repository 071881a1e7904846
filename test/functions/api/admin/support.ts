import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';

/** Stores a user and returns the id. */
export async function seedUser(
  sql: Sql,
  email: string,
  { isAdmin = false, isDeleted = false }: { isAdmin?: boolean; isDeleted?: boolean } = {},
): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO users (email, password_hash, is_admin, is_deleted)
    VALUES (${email}, 'not-a-hash', ${isAdmin}, ${isDeleted}) RETURNING id`;
  return defined(row, 'new row').id;
}

/** Reads all pages of a list, and returns the entries and the size of each page. */
export async function everyPage<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<{ items: T[]; sizes: number[] }> {
  const items: T[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    sizes.push(page.items.length);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && sizes.length < 50);
  return { items, sizes };
}
