import type { AlertChange, AlertFacts, ChannelKind, Delivery } from '../../../functions/alerts/contracts.ts';
import type { SendContext } from '../../../functions/alerts/senders/sender.ts';

/** A change of a stock's label. */
export function exampleChange(changed: Partial<AlertChange> = {}): AlertChange {
  return {
    symbol: 'NVDA',
    name: 'NVIDIA Corporation',
    change: 'label',
    from: 'HOLD',
    to: 'BUY',
    why: 'The chance of BUY rose from 28% to 48%.',
    chance: 0.48,
    baseRate: 0.3,
    record: { calls: 128, hits: 71 },
    close: 123.45,
    stopLoss: 118,
    takeProfit: 135,
    currency: 'USD',
    path: '/recommendations/5f0c7a52-7b1a-4a7e-9f0e-0d7c1c4f6a11',
    ...changed,
  };
}

/** Facts of a message with one change. */
export function exampleFacts(changed: Partial<AlertFacts> = {}): AlertFacts {
  return {
    kind: 'changes',
    profile: 'moderate',
    asOf: '2026-11-30',
    notice: null,
    changes: [exampleChange()],
    more: 0,
    confirmationCode: null,
    pageUrl: 'https://stocks.example.org',
    unsubscribePath: '/unsubscribe?token=t0k3n',
    oneClickPath: '/v1/alerts/unsubscribe?token=t0k3n',
    managePath: '/settings#alerts',
    ...changed,
  };
}

/** A message to a channel. */
export function exampleDelivery(kind: ChannelKind, config: unknown, facts = exampleFacts()): Delivery {
  return {
    id: '0d4f6a52-1111-4a7e-9f0e-0d7c1c4f6a11',
    userId: '0d4f6a52-2222-4a7e-9f0e-0d7c1c4f6a11',
    channel: { id: '0d4f6a52-3333-4a7e-9f0e-0d7c1c4f6a11', kind, config },
    facts,
    createdAt: '2026-11-30T22:15:00.000Z',
  };
}

/** An operator's settings that let messages reach loopback servers. */
export function exampleContext(changed: Partial<SendContext> = {}): SendContext {
  return {
    reachPrivate: true,
    origins: {
      telegram: 'https://api.telegram.org',
      discord: 'https://discord.com',
      slack: 'https://hooks.slack.com',
    },
    ...changed,
  };
}
