import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';
import { estimate, type Scenario } from './estimate.ts';
import { PRICES_OF } from './prices.ts';

/** The scenarios of docs/cost.md. */
const SCENARIOS: { scenario: Scenario; flags: string; why: string }[] = [
  {
    scenario: { instruments: 500, requests: 100_000, settings: DEFAULT_SETTINGS },
    flags: '--instruments 500 --requests 100000',
    why: 'The stocks of one index, for a household or a club. Stocks of the reference count too, so an installation with the default reference has about 500 even if you follow few. The database is the smallest server, in one zone. Most of the cost is fixed: the server, the endpoint through which functions read secrets, and the secrets.',
  },
  {
    scenario: { instruments: 5000, requests: 1_000_000, settings: scaled({}) },
    flags: '--instruments 5000 --requests 1000000 --size scale',
    why: 'The stocks of a country. Their history exceeds the memory of the smallest server, so its queries would be slow. `size=scale` therefore uses a larger ARM class in two zones. `price_bars` and `features` are partitioned by year, so a query of one year reads one partition.',
  },
  {
    scenario: { instruments: 50_000, requests: 10_000_000, settings: scaled({ proxy: 'on', replica: 'on' }) },
    flags: '--instruments 50000 --requests 10000000 --size scale --proxy --replica',
    why: 'The stocks of the world. Thousands of concurrent users need more connections than one server has, so the API uses RDS Proxy, and reports use a replica. At the same pace, ten times as many batches take ten times as long, so a daily run takes most of a night. Ask the provider before you raise the pace (`MAX_CONCURRENT_BATCHES`). Beyond 10,000 instruments, split a run into several with `symbols`, because the result of Plan must fit 256 KiB. The next steps are a larger class (`db.m7g.xlarge`: `DATABASE_SIZES` in lib/constructs/managed-database.ts) and hash partitions within each year.',
  },
];

function scaled(more: Partial<Settings>): Settings {
  return { ...DEFAULT_SETTINGS, size: 'scale', ...more };
}

/** The text of docs/cost.md, which `npm run cost -- --write` writes. */
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
      '| item | per month | USD | without free allowances |',
      '| --- | --- | ---: | ---: |',
      ...rows,
      `| **Total** | | **${totalUsd.toFixed(2)}** | **${listUsd.toFixed(2)}** |`,
      '',
    ].join('\n');
  });
  return `# What it costs

\`npm run cost -- --write\` generates this page from three sources: the synthesised templates, the expected usage
(local/cost/usage.ts), and list prices of us-east-1 on ${PRICES_OF} (local/cost/prices.ts), before tax. It is an estimate;
the budget in the stacks notifies you before a month becomes expensive. The USD column deducts the free allowances that
every account has each month. The last column does not: read it if your account uses them elsewhere.

${parts.join('\n')}`;
}
