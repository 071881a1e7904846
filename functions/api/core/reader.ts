import type { Profile } from '../../shared/constants.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { CONSENT_VERSION } from '../account/consent-version.ts';
import type { Reader } from './endpoint.ts';

/** The columns of {@link readerColumns}. */
export interface ReaderRow {
  user_id: string;
  preferred_profile: Profile;
  has_consented: boolean;
}

/** Columns of a request's user, for a query over `users u LEFT JOIN user_settings o`. */
export function readerColumns(sql: Sql | Transaction) {
  return sql`u.id AS user_id, coalesce(o.preferred_profile, 'conservative') AS preferred_profile, EXISTS (
      SELECT FROM risk_consents c
      WHERE c.user_id = u.id AND c.version = ${CONSENT_VERSION} AND c.withdrawn_at IS NULL
    ) AS has_consented`;
}

export function toReader({ user_id, preferred_profile, has_consented }: ReaderRow): Reader {
  return { userId: user_id, preferredProfile: preferred_profile, hasConsented: has_consented };
}
