import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';
import { estimate, type Scenario } from './estimate.ts';
import { PRICES_OF } from './prices.ts';

/** The three that the document shows. */
export const SCENARIOS: { scenario: Scenario; flags: string; why: string }[] = [
  {
    scenario: { instruments: 500, requests: 100_000, settings: DEFAULT_SETTINGS },
    flags: '--instruments 500 --requests 100000',
    why: 'An index, for one household or a club: the smallest server, in one zone. Nearly all of it is there whether it is used or not: the server, the endpoint through which functions read their secrets, and the secrets.',
  },
  {
    scenario: { instruments: 5000, requests: 1_000_000, settings: scaled({}) },
    flags: '--instruments 5000 --requests 1000000 --size scale',
    why: 'A country. The history no longer fits the memory of a small server, and people wait for it: `size=scale` brings a larger ARM class in two zones. `price_bars` and `features` are partitioned by year as they are; a query of one year reads one partition, whatever the rest has.',
  },
  {
    scenario: { instruments: 50_000, requests: 10_000_000, settings: scaled({ proxy: 'on', replica: 'on' }) },
    flags: '--instruments 50000 --requests 10000000 --size scale --proxy --replica',
    why: 'The world. Thousands of readers at once are more than the connections of one server: the API goes through RDS Proxy, and reports read from a replica. Ten times the batches take ten times as long at the same pace, so a daily run takes most of a night; ask the provider before pacing it faster (`MAX_CONCURRENT_BATCHES`). Beyond 10,000 instruments a run is started in parts, by `symbols`: what Plan answers has to fit 256 KiB. The next steps are a larger class (`db.m7g.xlarge`: `DATABASE_SIZES` in lib/constructs/managed-database.ts) and hash partitions below the years.',
  },
];

function scaled(more: Partial<Settings>): Settings {
  return { ...DEFAULT_SETTINGS, size: 'scale', ...more };
}

/** docs/cost.md, as `npm run cost -- --write` writes it. */
export function costDocument(): string {
  const parts = SCENARIOS.map(({ scenario, flags, why }) => {
    const { items, totalUsd, listUsd } = estimate(scenario);
    const rows = items.map(
      ({ item, quantity, usd, listUsd: list }) =>
        `| ${item} | ${quantity} | ${usd.toFixed(2)} | ${list.toFixed(2)} |`,
    );
    return [
      `## ${scenario.instruments.toLocaleString('en-US')} instruments: ${totalUsd.toFixed(2)} USD`,
      '',
      why,
      '',
      `\`npm run cost -- ${flags}\``,
      '',
      '| item | a month | USD | without free allowances |',
      '| --- | --- | ---: | ---: |',
      ...rows,
      `| **Total** | | **${totalUsd.toFixed(2)}** | **${listUsd.toFixed(2)}** |`,
      '',
    ].join('\n');
  });
  return `# What it costs

Made by \`npm run cost -- --write\` from the synthesised templates, what the functions are expected to do
(local/cost/usage.ts) and list prices of us-east-1 of ${PRICES_OF} (local/cost/prices.ts), without tax. It is an
estimate: the bill is what AWS says, and the budget that comes with the stacks tells you before it surprises you. What
every account has free each month is taken off; the last column leaves it in, for an account that uses it up elsewhere.

${parts.join('\n')}`;
}
