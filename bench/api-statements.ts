import postgres from 'postgres';
import { Keyring } from '../functions/api/auth/keyring.ts';
import { Tokens } from '../functions/api/auth/tokens.ts';
import { authorise } from '../functions/api/core/access.ts';
import { readFreshness, toFreshness } from '../functions/api/recommendations/freshness.ts';
import { RecommendationsQuery } from '../functions/api/recommendations/list-query.ts';
import { readRecommendation } from '../functions/api/recommendations/read-recommendation.ts';
import { selectRecommendations } from '../functions/api/recommendations/select-recommendations.ts';
import { ENV } from '../functions/shared/constants.ts';
import { CLIENT_OPTIONS } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import type { DatabaseSecret } from '../functions/shared/secrets.ts';
import { getRequest } from '../test/functions/api/support.ts';

/** A statement as the driver sends it. */
export interface Statement {
  text: string;
  parameters: (string | number | null)[];
}

/** The statements of a list request, and the part of the response that does not depend on the rows. */
export interface Statements {
  caller: Statement;
  list: Statement;
  /** The statement of a recommendation by id, its only parameter. */
  detail: Statement;
  /** The response without items and cursor. */
  freshness: Record<string, unknown>;
}

/** The list request of the benchmark: the default page. */
export const LIST_QUERY = { ...RecommendationsQuery.parse({}), profile: 'moderate' as const };

/** Records the statements of a list request by running the API's own code once. */
export async function readStatements(
  login: DatabaseSecret,
  environment: Record<string, string>,
  accessToken: string,
  id: string,
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
      new Keyring(defined(environment[ENV.signingKeysSecret], ENV.signingKeysSecret)),
      defined(environment[ENV.tokenIssuer], ENV.tokenIssuer),
    );
    const headers = { authorization: `Bearer ${accessToken}` };
    const request = { ...getRequest('/v1/recommendations'), headers };
    await authorise({ access: 'consented' }, request, { sql, tokens, addressOf: async () => '192.0.2.1' });
    const now = new Date(defined(environment[ENV.clock], ENV.clock));
    await selectRecommendations(sql, { query: LIST_QUERY, now });
    await readRecommendation(sql, id, { now, notice: null });
    const [caller, list, detail] = seen;
    if (!caller || !list || !detail) throw new Error('the API ran fewer than the three expected statements');
    if (detail.parameters.length !== 1)
      throw new Error('the statement of a recommendation has other parameters');
    const freshness = toFreshness('moderate', await readFreshness(sql, 'moderate', now), {
      now,
      notice: null,
    });
    return { caller, list, detail, freshness };
  } finally {
    await sql.end();
  }
}

function plain(value: unknown): string | number | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' || value === null ? value : String(value);
}
