import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WEBHOOK } from '../../../../functions/alerts/channels/webhook.ts';
import { send } from '../../../../functions/alerts/senders/registry.ts';
import { WebhookBody } from '../../../../functions/alerts/webhook-body.ts';
import type { ServiceAnswer } from '../../../alerts/servers/http-service.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../alerts/servers/webhook-receiver.ts';
import { exampleContext, exampleDelivery, exampleFacts } from '../examples.ts';

let receiver: WebhookReceiver;
let config: { url: string; secret: string };

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  config = WEBHOOK.create({ url: `${receiver.origin}/hook` }).config;
  receiver.secret = config.secret;
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.messages.clear();
  receiver.received.length = 0;
});

const attempt = (facts = exampleFacts()) => send(exampleDelivery('webhook', config, facts), exampleContext());

test('signs a message so that a receiver can verify it, and every attempt has the same id and body', async () => {
  expect(await attempt()).toEqual({ status: 'sent' });
  vi.useFakeTimers({ now: Date.now() + 90_000, toFake: ['Date'] });
  expect(await attempt()).toEqual({ status: 'sent' });
  vi.useRealTimers();
  const [first, second] = receiver.received;
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  // A receiver refuses old signatures, so each attempt signs its own time.
  expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  expect([...receiver.messages.keys()]).toEqual([exampleDelivery('webhook', config).id]);
  const [message] = receiver.messages.values();
  expect(WebhookBody.parse(message)).toMatchObject({
    type: 'alert.changes',
    timestamp: '2026-11-30T22:15:00.000Z',
    data: {
      profile: 'moderate',
      changes: [
        {
          symbol: 'NVDA',
          from: 'HOLD',
          to: 'BUY',
          chance: 0.48,
          url: expect.stringMatching(/^https:\/\/stocks\.example\.org\/recommendations\//),
        },
      ],
      unsubscribeUrl: 'https://stocks.example.org/unsubscribe?token=t0k3n',
    },
  });
});

test('is refused by a receiver with another secret', async () => {
  receiver.secret = WEBHOOK.create({ url: config.url }).config.secret;
  expect(await attempt()).toEqual({
    status: 'refused',
    reason: 'The server refused the message (HTTP 401).',
    disableChannel: false,
  });
  receiver.secret = config.secret;
});

test('makes another secret of 32 random bytes for each channel, and shows it once', () => {
  const one = WEBHOOK.create({ url: config.url });
  expect(one.shownOnce).toBe(one.config.secret);
  expect(Buffer.from(one.config.secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
  expect(one.config.secret).not.toBe(config.secret);
  expect(() => new Webhook(one.config.secret)).not.toThrow();
});

const IN_A_MINUTE = () => new Date(Date.now() + 60_000).toUTCString();

test.each<[string, () => ServiceAnswer, object]>([
  ['HTTP 200', () => ({ status: 200 }), { status: 'sent' }],
  ['HTTP 202', () => ({ status: 202 }), { status: 'sent' }],
  ['HTTP 204', () => ({ status: 204 }), { status: 'sent' }],
  ['HTTP 301', () => ({ status: 301 }), { status: 'refused', disableChannel: false }],
  ['HTTP 304', () => ({ status: 304 }), { status: 'refused', disableChannel: false }],
  ['HTTP 400', () => ({ status: 400 }), { status: 'refused', disableChannel: false }],
  ['HTTP 404', () => ({ status: 404 }), { status: 'refused', disableChannel: false }],
  ['HTTP 408', () => ({ status: 408 }), { status: 'retry' }],
  ['HTTP 410', () => ({ status: 410 }), { status: 'refused', disableChannel: true }],
  ['HTTP 425', () => ({ status: 425 }), { status: 'retry' }],
  ['HTTP 429', () => ({ status: 429 }), { status: 'retry' }],
  [
    '429 and seconds',
    () => ({ status: 429, headers: { 'retry-after': '120' } }),
    { status: 'retry', afterSeconds: 120 },
  ],
  [
    '429 and a date',
    () => ({ status: 429, headers: { 'retry-after': IN_A_MINUTE() } }),
    { status: 'retry', afterSeconds: expect.toSatisfy((seconds: number) => seconds >= 58 && seconds <= 60) },
  ],
  [
    '429 and a year',
    () => ({ status: 429, headers: { 'retry-after': '31536000' } }),
    { status: 'retry', afterSeconds: 86_400 },
  ],
  ['HTTP 500', () => ({ status: 500 }), { status: 'retry' }],
  ['HTTP 503', () => ({ status: 503 }), { status: 'retry' }],
  ['HTTP 599', () => ({ status: 599 }), { status: 'retry' }],
  ['a broken connection', () => (response) => response.destroy(), { status: 'retry' }],
])('turns %s into %o', async (_name, answer, result) => {
  receiver.faults.push(answer());
  const actual = await attempt();
  expect(actual).toEqual({ ...result, ...(actual.status !== 'sent' && { reason: expect.any(String) }) });
});

test('writes no secret and no address into a reason', async () => {
  const { port } = new URL(receiver.origin);
  for (const status of [302, 400, 410, 429, 500]) {
    receiver.faults.push({ status, body: config.secret });
    const result = JSON.stringify(await attempt());
    expect(result).not.toContain(config.secret);
    expect(result).not.toContain(port);
  }
});
