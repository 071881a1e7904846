import type { Profile } from '../../../shared/constants.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { problem } from '../../core/problem.ts';

/** The most rules of a user. */
export const MOST_RULES = 20;

export const RULE_KINDS = ['label', 'calls', 'levels', 'digest'] as const;
export const RULE_SCOPES = ['followed', 'all'] as const;
export const FREQUENCIES = ['daily', 'weekly'] as const;

/** What a user decides about a rule. */
export interface RuleSettings {
  kind: (typeof RULE_KINDS)[number];
  scope: (typeof RULE_SCOPES)[number];
  /** Null for the profile that the user prefers. */
  profile: Profile | null;
  /** Null for all channels, including later ones. */
  channelIds: string[] | null;
  isOn: boolean;
  /** Of a digest; null for other rules. */
  frequency: (typeof FREQUENCIES)[number] | null;
  /** Local time `HH:MM` of a digest. */
  time: string | null;
  /** 1 is Monday; of a weekly digest. */
  weekday: number | null;
}

export interface AlertRule extends RuleSettings {
  id: string;
  createdAt: string;
}

interface RuleRow {
  id: string;
  kind: RuleSettings['kind'];
  scope: RuleSettings['scope'];
  profile: Profile | null;
  channel_ids: string[] | null;
  is_on: boolean;
  created_at: Date;
  frequency: RuleSettings['frequency'];
  time: string | null;
  weekday: number | null;
}

/** Lists the rules of a user, oldest first. */
export async function listRules(sql: Sql | Transaction, userId: string, id?: string): Promise<AlertRule[]> {
  const rows = await sql<RuleRow[]>`
    SELECT r.id, r.kind, r.scope, r.profile, r.is_on, r.created_at, r.frequency, to_char(r.local_time, 'HH24:MI') AS time,
      r.weekday, CASE WHEN NOT r.every_channel THEN coalesce((
        SELECT json_agg(o.channel_id ORDER BY o.channel_id) FROM alert_rule_channels o WHERE o.rule_id = r.id
      ), '[]') END AS channel_ids
    FROM alert_rules r
    WHERE r.user_id = ${userId} ${id === undefined ? sql`` : sql`AND r.id = ${id}`} ORDER BY r.created_at, r.id`;
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    scope: row.scope,
    profile: row.profile,
    channelIds: row.channel_ids,
    isOn: row.is_on,
    frequency: row.frequency,
    time: row.time,
    weekday: row.weekday,
    createdAt: row.created_at.toISOString(),
  }));
}

/** Reads one rule. @throws ApiError (404) if the user has no such rule */
export async function readRule(sql: Sql | Transaction, userId: string, id: string): Promise<AlertRule> {
  const [rule] = await listRules(sql, userId, id);
  if (!rule) throw problem('not-found', 'You have no rule with this id. It may be deleted already.');
  return rule;
}

/**
 * Adds a rule. A digest begins with the changes after this moment.
 *
 * @throws ApiError (400) for settings that contradict each other or name another user's channel, (409) beyond
 *   {@link MOST_RULES}
 */
export async function addRule(
  tx: Transaction,
  userId: string,
  rule: RuleSettings,
  at: Date,
): Promise<AlertRule> {
  assertConsistent(rule);
  // Concurrent requests wait for each other, so that they count each other's rules.
  await tx`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
  const own = await tx`SELECT FROM alert_rules WHERE user_id = ${userId}`;
  if (own.count >= MOST_RULES)
    throw problem(
      'conflict',
      `You have ${MOST_RULES} rules, which is the most that an account may have. Delete one first.`,
    );
  const [{ id }] = await tx<[{ id: string }]>`
    INSERT INTO alert_rules (user_id, created_at, ${tx.unsafe(COLUMNS)}, digested_at, digested_to)
    VALUES (${userId}, ${at}, ${valuesOf(tx, rule)}, ${digestStart(tx, rule, at)}) RETURNING id`;
  await chooseChannels(tx, userId, id, rule.channelIds);
  return readRule(tx, userId, id);
}

/**
 * Changes a rule. A digest that is switched on again begins with the changes after this moment.
 *
 * @throws ApiError (400) for settings that contradict each other or name another user's channel, (404)
 */
export async function changeRule(
  tx: Transaction,
  userId: string,
  id: string,
  changes: Partial<Omit<RuleSettings, 'kind'>>,
  at: Date,
): Promise<AlertRule> {
  await tx`SELECT FROM alert_rules WHERE user_id = ${userId} AND id = ${id} FOR NO KEY UPDATE`;
  const before = await readRule(tx, userId, id);
  const rule = { ...before, ...changes };
  // A rule for every day has no weekday, so that a change of the frequency alone is complete.
  if (rule.frequency === 'daily' && changes.weekday === undefined) rule.weekday = null;
  assertConsistent(rule);
  const begins = rule.isOn && !before.isOn;
  await tx`
    UPDATE alert_rules SET (${tx.unsafe(COLUMNS)}) = (${valuesOf(tx, rule)})
      ${begins ? tx`, (digested_at, digested_to) = (${digestStart(tx, rule, at)})` : tx``}
    WHERE id = ${id}`;
  if (changes.channelIds !== undefined) await chooseChannels(tx, userId, id, rule.channelIds);
  return readRule(tx, userId, id);
}

/** Deletes a rule. @throws ApiError (404) */
export async function deleteRule(sql: Sql, userId: string, id: string): Promise<void> {
  const deleted = await sql`DELETE FROM alert_rules WHERE user_id = ${userId} AND id = ${id}`;
  if (deleted.count === 0)
    throw problem('not-found', 'You have no rule with this id. It may be deleted already.');
}

const COLUMNS = 'kind, scope, profile, every_channel, is_on, frequency, local_time, weekday';

function valuesOf(tx: Transaction, rule: RuleSettings) {
  return tx`${rule.kind}, ${rule.scope}, ${rule.profile}::text, ${rule.channelIds === null}::boolean, ${rule.isOn},
    ${rule.frequency}::text, ${rule.time}::text::time, ${rule.weekday}::integer`;
}

/** The columns digested_at and digested_to of a digest that begins now; null for other rules. */
function digestStart(tx: Transaction, { kind }: RuleSettings, at: Date) {
  return kind === 'digest' ? tx`${at}, (SELECT coalesce(max(id), 0) FROM call_changes)` : tx`NULL, NULL`;
}

async function chooseChannels(
  tx: Transaction,
  userId: string,
  ruleId: string,
  channelIds: readonly string[] | null,
): Promise<void> {
  await tx`DELETE FROM alert_rule_channels WHERE rule_id = ${ruleId}`;
  const chosen = [...new Set(channelIds)];
  if (chosen.length === 0) return;
  const own = await tx`
    INSERT INTO alert_rule_channels (rule_id, channel_id)
    SELECT ${ruleId}, id FROM alert_channels WHERE user_id = ${userId} AND id IN ${tx(chosen)}`;
  if (own.count < chosen.length) throw fault('channelIds', 'must be ids of your channels');
}

/** @throws ApiError (400) unless digests, and they alone, have a time, and weekly ones a weekday */
function assertConsistent({ kind, frequency, time, weekday }: RuleSettings): void {
  if (kind !== 'digest') {
    for (const [name, value] of Object.entries({ frequency, time, weekday }))
      if (value !== null) throw fault(name, 'belongs to a digest alone');
    return;
  }
  if (frequency === null) throw fault('frequency', 'is missing: a digest is daily or weekly');
  if (time === null) throw fault('time', 'is missing: a digest has a local time such as 07:30');
  if (frequency === 'weekly' && weekday === null)
    throw fault('weekday', 'is missing: a weekly digest has a day from 1 (Monday) to 7');
  if (frequency === 'daily' && weekday !== null) throw fault('weekday', 'belongs to a weekly digest alone');
}

function fault(member: string, detail: string) {
  return problem('invalid-request', `${member} ${detail}.`, { errors: [{ pointer: `#/${member}`, detail }] });
}
