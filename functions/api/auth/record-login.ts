import type { Transaction } from '../../shared/database.ts';
import {
  networkAddress,
  type Origin,
  recordSecurityEvent,
  storedUserAgent,
} from '../core/security-events.ts';
import type { OpenSession } from './session-store.ts';

/** Version numbers of a user agent, which change with every update of a browser. */
const VERSIONS = '[0-9]+([._][0-9]+)*';

/**
 * Records a login, and whether the user has logged in from its address and with its browser before. The first login
 * has nothing to compare with, so neither is new.
 */
export async function recordLogin(
  tx: Transaction,
  { userId, sessionId }: Pick<OpenSession, 'userId' | 'sessionId'>,
  origin: Origin,
): Promise<void> {
  const [seen] = await tx<[{ logins: boolean; address: boolean | null; browser: boolean | null }]>`
    SELECT count(*) > 0 AS logins,
      bool_or(network_address IS NOT DISTINCT FROM ${networkAddress(origin)}::text::inet) AS address,
      bool_or(regexp_replace(user_agent, ${VERSIONS}, '', 'g')
        IS NOT DISTINCT FROM regexp_replace(${storedUserAgent(origin.userAgent)}::text, ${VERSIONS}, '', 'g')) AS browser
    FROM security_events WHERE user_id = ${userId} AND type = 'login'`;
  await recordSecurityEvent(tx, {
    type: 'login',
    userId,
    origin,
    detail: {
      sessionId,
      isNewAddress: seen.logins && !seen.address,
      isNewBrowser: seen.logins && !seen.browser,
    },
  });
}
