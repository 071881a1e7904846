import postgres from 'postgres';
import { Keyring } from '../functions/api/auth/keyring.ts';
import { Tokens } from '../functions/api/auth/tokens.ts';
import { authorise } from '../functions/api/core/access.ts';
import { readFreshness, toFreshness } from '../functions/api/recommendations/freshness.ts';
import { RecommendationsQuery } from '../functions/api/recommendations/list-query.ts';
import { selectRecommendations } from '../functions/api/recommendations/select-recommendations.ts';
import { ENV } from '../functions/shared/constants.ts';
import { CLIENT_OPTIONS } from '../functions/shared/database.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';

/** A statement as it goes to the database. */
export interface Statement {
  text: string;
  parameters: (string | number | null)[];
}

/** What the API asks the database for a list, and what it says beside the rows. */
export interface Statements {
  caller: Statement;
  list: Statement;
  /** Everything of the answer but its items and its cursor, counted beforehand. */
  freshness: Record<string, unknown>;
}

/** The query of the benchmark's list: the page that a client gets who asks for nothing in particular. */
export const LIST_QUERY = { ...RecommendationsQuery.parse({}), profile: 'moderate' as const };

/** Writes down the statements of a list, by running the API's own code once. */
export async function readStatements(
  login: DatabaseSecret,
  environment: Record<string, string>,
  accessToken: string,
): Promise<Statements> {
  const seen: Statement[] = [];
  const sql = postgres({
    host: login.host,
    port: login.port,
    database: login.dbname,
    username: login.username,
    password: login.password,
    max: 1,
    ...CLIENT_OPTIONS,
    debug: (_connection, text, parameters) => seen.push({ text, parameters: parameters.map(plain) }),
  });
  try {
    const tokens = new Tokens(
      new Keyring(environment[ENV.signingKeysSecret] ?? ''),
      environment[ENV.tokenIssuer] ?? '',
    );
    const headers = { authorization: `Bearer ${accessToken}` };
    await authorise('consented', { headers }, { sql, tokens });
    const now = new Date(environment[ENV.clock] ?? '');
    await selectRecommendations(sql, { query: LIST_QUERY, now });
    const [caller, list] = seen;
    if (!caller || !list) throw new Error('the API asked the database something else than expected');
    const freshness = toFreshness('moderate', await readFreshness(sql, 'moderate', now), {
      now,
      notice: null,
    });
    return { caller, list, freshness };
  } finally {
    await sql.end();
  }
}

function plain(value: unknown): string | number | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' || value === null ? value : String(value);
}
