import { expect, test } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { apiKeyOf, signedInUser } from '../api/api-client.ts';
import { NOW, seedModelAndRun, seedRecommendation } from '../api/recommendations/support.ts';
import { useApi } from '../api/use-api.ts';
import { useService } from '../api/use-service.ts';
import { connect, textOf, WAYS } from './mcp-support.ts';

const db = useApi(() => ({ [ENV.clock]: NOW.toISOString() }));
const service = useService();

test.each(WAYS)('try %s', async (_w, transport, protocol) => {
  if (transport === 'stdio' && protocol === 'legacy')
    await seedModelAndRun(db.sql),
      await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'conservative' });
  const user = await signedInUser(db, { consented: true });
  const { key } = await apiKeyOf(db, user, { mayFollow: true });
  const client = await connect({ transport, protocol }, { url: service.url, key });
  const { tools } = await client.listTools();
  console.log(JSON.stringify(tools).length, tools.map((t) => t.name).join());
  for (const [name, args] of [
    ['list_recommendations', {}],
    ['explain_recommendation', { symbol: 'AAPL' }],
    ['recommendation_history', { symbol: 'aapl' }],
    ['track_record', {}],
    ['follow', { symbol: 'AAPL', note: 'hm' }],
    ['watchlist', {}],
    ['unfollow', { symbol: 'AAPL' }],
    ['list_recommendations', { limit: 500 }],
    ['list_recommendations', { limt: 5 }],
    ['explain_recommendation', {}],
  ] as const)
    console.log(name, textOf(await client.callTool({ name, arguments: args })));
  await client.close();
  expect(1).toBe(1);
});
