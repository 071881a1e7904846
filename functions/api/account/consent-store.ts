import type { Sql } from '../../shared/database.ts';
import { type Origin, recordSecurityEvent } from '../core/security-events.ts';
import { CONSENT_SHA256 } from './consent-text.ts';
import { CONSENT_VERSION } from './consent-version.ts';

export interface Consent {
  version: string;
  textSha256: string;
  acceptedAt: string;
  withdrawnAt: string | null;
}

interface ConsentRow {
  version: string;
  text_sha256: string;
  accepted_at: Date;
  withdrawn_at: Date | null;
}

/**
 * Records that a user accepts the current notice, and updates the settings. A second acceptance keeps the first one.
 *
 * @returns the valid consent
 */
export function acceptConsent(sql: Sql, userId: string, origin: Origin, at: Date): Promise<Consent> {
  return sql.begin(async (tx) => {
    const added = await tx`
      INSERT INTO risk_consents (user_id, version, text_sha256, accepted_at)
      VALUES (${userId}, ${CONSENT_VERSION}, ${CONSENT_SHA256}, ${at})
      ON CONFLICT (user_id, version) WHERE withdrawn_at IS NULL DO NOTHING`;
    const [row] = await tx<[ConsentRow]>`
      SELECT version, text_sha256, accepted_at, withdrawn_at FROM risk_consents
      WHERE user_id = ${userId} AND version = ${CONSENT_VERSION} AND withdrawn_at IS NULL`;
    await tx`
      INSERT INTO user_settings (user_id, risk_consent_accepted, risk_consent_accepted_at)
      VALUES (${userId}, true, ${row.accepted_at})
      ON CONFLICT (user_id) DO UPDATE SET risk_consent_accepted = true, risk_consent_accepted_at = ${row.accepted_at}`;
    if (added.count > 0)
      await recordSecurityEvent(tx, {
        type: 'consent-accepted',
        userId,
        origin,
        detail: { version: CONSENT_VERSION },
      });
    return toConsent(row);
  });
}

/** Withdraws every valid consent of a user, to any version. */
export async function withdrawConsent(sql: Sql, userId: string, origin: Origin, at: Date): Promise<void> {
  await sql.begin(async (tx) => {
    // If another container's clock is ahead, the consent would otherwise be withdrawn before it was given.
    const withdrawn = await tx`
      UPDATE risk_consents SET withdrawn_at = greatest(${at}, accepted_at)
      WHERE user_id = ${userId} AND withdrawn_at IS NULL`;
    await tx`
      UPDATE user_settings SET risk_consent_accepted = false, risk_consent_accepted_at = NULL
      WHERE user_id = ${userId} AND risk_consent_accepted`;
    if (withdrawn.count > 0) await recordSecurityEvent(tx, { type: 'consent-withdrawn', userId, origin });
  });
}

/** Lists all consents of a user, newest first. */
export async function listConsents(sql: Sql, userId: string): Promise<Consent[]> {
  const rows = await sql<ConsentRow[]>`
    SELECT version, text_sha256, accepted_at, withdrawn_at FROM risk_consents
    WHERE user_id = ${userId} ORDER BY accepted_at DESC, id DESC`;
  return rows.map(toConsent);
}

function toConsent(row: ConsentRow): Consent {
  return {
    version: row.version,
    textSha256: row.text_sha256,
    acceptedAt: row.accepted_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  };
}
