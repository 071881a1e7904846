import { expect, test } from 'vitest';
import { useApi } from '../../functions/api/use-api.ts';
import { random } from '../../market/random.ts';
import { runCampaign } from './campaign.ts';

/** `npm run test:alerts` sets more. */
const KILLS = Number(process.env.ALERT_KILLS ?? 10);
const SEED = Number(process.env.ALERT_SEED ?? 1);

const db = useApi();

test(
  `after ${KILLS} kills of delivery and publication, no change is lost, and none has two keys`,
  async () => {
    const { faults, ...counts } = await runCampaign(db, { kills: KILLS, random: random(SEED).next });
    process.stdout.write(`${JSON.stringify({ seed: SEED, ...counts })}\n`);
    expect(faults).toEqual([]);
    expect(counts.kills.delivery).toBeGreaterThan(0);
    expect(counts.kills.publication).toBeGreaterThan(0);
    // A kill between the arrival of a message and the note of it makes a repeat.
    expect(counts.repeats).toBeGreaterThan(0);
  },
  60_000 + KILLS * 20_000,
);
