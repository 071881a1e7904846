import { expect, test } from 'vitest';
import { signedInUser } from '../api-client.ts';
import { useApi } from '../use-api.ts';
import { useService } from '../use-service.ts';

const PAIRS = 50;

const db = useApi();
const service = useService();

/** Exchanges a refresh token over HTTP. */
async function refresh(refreshToken: string): Promise<{ status: number; refreshToken?: string }> {
  const response = await fetch(`${service.url}/v1/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
  });
  const { refreshToken: next } = (await response.json()) as { refreshToken?: string };
  return { status: response.status, ...(next && { refreshToken: next }) };
}

test('two clients that send one refresh token at once get one answer and one 409', async () => {
  const outcomes: number[][] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const user = await signedInUser(db);
    // The second request leaves a little later in each pair, so that some arrive just after the first answer.
    const delayed = new Promise((resolve) => setTimeout(resolve, pair % 10)).then(() =>
      refresh(user.refreshToken),
    );
    const answers = await Promise.all([refresh(user.refreshToken), delayed]);
    outcomes.push(answers.map(({ status }) => status).sort());
    const next = answers.find(({ status }) => status === 200)?.refreshToken;
    expect((await refresh(next ?? '')).status).toBe(200);
  }
  expect(outcomes).toEqual(Array(PAIRS).fill([200, 409]));
});
