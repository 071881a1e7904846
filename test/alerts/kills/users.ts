import { WEBHOOK } from '../../../functions/alerts/channels/webhook.ts';
import type { ChangeKind } from '../../../functions/shared/change-kinds.ts';
import type { Label, Profile } from '../../../functions/shared/constants.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { follow, type RuleSeed, seedChannel, seedRule } from '../../functions/alerts/alerts-support.ts';
import { signedInUser } from '../../functions/api/api-client.ts';
import type { TestDatabase } from '../../support/database.ts';

/** A stored change. */
export interface StoredChange {
  recommendation_id: string;
  instrument_id: string;
  profile: Profile;
  kind: ChangeKind;
  to_label: Label | null;
}

/** A channel of a campaign, by its path at the receiver. */
export interface Recipient {
  path: string;
  channelId: string;
  /** Whether its user wants a change, decided apart from the database. */
  wants(change: StoredChange): boolean;
}

const isLabelChange = ({ kind }: StoredChange) => ['label', 'new', 'back', 'withheld'].includes(kind);

/** Stores three users with rules of each kind, and with four channels. */
export async function seedUsers(
  db: TestDatabase,
  origin: string,
  instruments: readonly string[],
): Promise<Recipient[]> {
  const recipients: Recipient[] = [];
  const add = async (
    rule: RuleSeed,
    channels: number,
    followed: readonly string[],
    wants: Recipient['wants'],
  ) => {
    const { userId } = await signedInUser(db, { consented: true });
    await follow(db, userId, ...followed);
    for (let i = 0; i < channels; i++) {
      const path = `/${recipients.length}`;
      const { config } = WEBHOOK.create({ url: `${origin}${path}` });
      recipients.push({ path, channelId: (await seedChannel(db, userId, { config })).id, wants });
    }
    await seedRule(db, userId, rule);
  };
  const followed = instruments.slice(0, 3);
  await add(
    {},
    2,
    followed,
    (change) =>
      change.profile === 'conservative' && isLabelChange(change) && followed.includes(change.instrument_id),
  );
  await add(
    { kind: 'calls', scope: 'all', profile: 'moderate' },
    1,
    [],
    (change) =>
      change.profile === 'moderate' &&
      isLabelChange(change) &&
      ['BUY', 'SELL'].includes(change.to_label ?? ''),
  );
  await add({ kind: 'digest', scope: 'all' }, 1, [], ({ profile }) => profile === 'conservative');
  return recipients;
}

/** Makes each digest due, at a local time that it did not have before. */
export async function makeDigestsDue(sql: Sql, number: number): Promise<void> {
  const time = `${String(Math.floor(number / 60) % 24).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}`;
  await sql`
    UPDATE alert_rules SET local_time = ${time}::text::time, digested_at = '2000-01-01' WHERE kind = 'digest'`;
}
