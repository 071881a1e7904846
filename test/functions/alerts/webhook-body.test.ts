import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { WebhookBody, webhookBody } from '../../../functions/alerts/webhook-body.ts';
import { exampleChange, exampleFacts } from './examples.ts';

const SCHEMA = fileURLToPath(new URL('../../../docs/alert-webhook.schema.json', import.meta.url));

test('the documented schema is that of the bodies (`npm test -- test/functions/alerts/webhook-body.test.ts -u` renews it)', async () => {
  const { $schema, ...schema } = z.toJSONSchema(WebhookBody, {
    override({ jsonSchema }) {
      // The format says it already.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      // Later versions may add fields.
      delete jsonSchema.additionalProperties;
    },
  });
  const documented = { $schema, title: 'Body of a webhook of Boursomatic', ...schema };
  await expect(`${JSON.stringify(documented, undefined, 2)}\n`).toMatchFileSnapshot(SCHEMA);
});

test('bodies of every kind have whole addresses and fit the schema', () => {
  const change = exampleChange({ from: null, change: 'new', chance: null, record: null, currency: null });
  for (const kind of ['changes', 'digest', 'test'] as const) {
    const facts = exampleFacts({ kind, changes: kind === 'test' ? [] : [change], notice: 'n', more: 3 });
    const body = webhookBody(facts, '2026-11-30T22:15:00.000Z');
    expect(WebhookBody.parse(body)).toEqual(body);
    expect(body.type).toBe(`alert.${kind}`);
    expect(body.data.manageUrl).toBe('https://stocks.example.org/settings#alerts');
  }
});
