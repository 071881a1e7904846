import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { addStacks } from '../../../lib/application.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings.ts';
import { newBareApp, type Resource, synthesise } from '../../../lib/templates.ts';
import { billOf, COST_OF_TYPES } from '../../../local/cost/bill.ts';
import { costDocument } from '../../../local/cost/document.ts';
import { estimate } from '../../../local/cost/estimate.ts';
import { usageOf } from '../../../local/cost/usage.ts';

const household = { instruments: 500, requests: 100_000, settings: DEFAULT_SETTINGS };
const demand = { instruments: 500, requests: 0, intraday: false, retraining: false };

describe('the estimate', () => {
  test('is below 25 dollars for a small installation', () => {
    const { totalUsd, listUsd, items } = estimate(household);
    expect(totalUsd).toBeLessThan(25);
    // The budget's first notification is at 80%, and a normal month must not reach it.
    expect(totalUsd).toBeLessThan(defined(household.settings.budget, 'default budget') * 0.8);
    expect(listUsd).toBeGreaterThan(totalUsd);
    expect(items.find(({ item }) => item === 'Database')).toMatchObject({
      quantity: 'db.t4g.micro, 1 zone',
      usd: expect.closeTo(11.68),
    });
    expect(items.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(totalUsd, 2);
  });

  test('includes the page, which is free for a household', () => {
    const { items } = estimate(household);
    const named = (name: string) => items.find(({ item }) => item === name);
    expect(named('CloudFront')).toMatchObject({ quantity: '200,000 requests', usd: 0 });
    expect(named('CloudFront functions')).toMatchObject({ usd: 0 });
    expect(named('Data transfer out')).toMatchObject({ quantity: '2.8 GB', usd: 0 });
  });

  test('rises with usage, options and size', () => {
    const { totalUsd } = estimate(household);
    const also = (settings: object, more: object = {}) =>
      estimate({ ...household, ...more, settings: { ...DEFAULT_SETTINGS, ...settings } }).totalUsd;
    expect(also({}, { requests: 5_000_000 })).toBeGreaterThan(totalUsd);
    expect(also({}, { instruments: 5000 })).toBeGreaterThan(totalUsd);
    expect(also({ intraday: 'on' })).toBeGreaterThan(totalUsd);
    expect(also({ retraining: 'on' })).toBeGreaterThan(totalUsd);
    expect(also({ size: 'scale' })).toBeGreaterThan(totalUsd * 5);
  });

  test('includes the metrics of the watch and of the API', () => {
    const { items } = estimate(household);
    expect(items.find(({ item }) => item === 'Custom metrics')).toMatchObject({
      quantity: '8 metrics',
      usd: 0,
      listUsd: expect.closeTo(2.4),
    });
  });

  test('includes the traffic between zones', () => {
    const { items } = estimate({ ...household, instruments: 5000, requests: 1_000_000 });
    const traffic = defined(
      items.find(({ item }) => item === 'Traffic between zones'),
      'traffic',
    );
    expect(traffic.usd).toBeGreaterThan(0.1);
    expect(traffic.usd).toBe(traffic.listUsd);
  });

  test('includes snapshots and backups beyond the size of the database', () => {
    const backups = (scenario: object) =>
      estimate({ ...household, ...scenario }).items.find(({ item }) => item === 'Database backups');
    expect(backups({})).toMatchObject({ usd: 0, listUsd: expect.closeTo(0.7, 0) });
    expect(defined(backups({ instruments: 20_000 }), 'backups').usd).toBeGreaterThan(5);
  });

  test('includes copies of the backups in another region', () => {
    const copies = (more: object) =>
      estimate({ ...household, settings: { ...DEFAULT_SETTINGS, size: 'scale', ...more } }).items.filter(
        ({ item }) => item === 'Backup copies in another region',
      );
    expect(copies({})).toEqual([]);
    const backupCopy = { region: 'eu-central-1', keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/a' };
    expect(copies({ backupCopy })[0]?.usd).toBeGreaterThan(0.1);
  });

  test('includes the CPU credits that a burstable database uses beyond its own', () => {
    const credits = (scenario: object) =>
      estimate({ ...household, ...scenario }).items.find(({ item }) => item === 'Database CPU credits');
    expect(credits({})).toBeUndefined();
    expect(defined(credits({ instruments: 20_000, requests: 100_000_000 }), 'credits').usd).toBeGreaterThan(
      1,
    );
    expect(
      credits({
        instruments: 20_000,
        requests: 100_000_000,
        settings: { ...DEFAULT_SETTINGS, size: 'scale' },
      }),
    ).toBeUndefined();
  });

  test.each([{}, { size: 'scale', proxy: 'on', replica: 'on', retraining: 'on', intraday: 'on' }] as const)(
    'has a price, or a reason for none, for every type of resource with %j',
    (settings) => {
      const app = newBareApp();
      addStacks(app, { ...DEFAULT_SETTINGS, ...settings });
      const types = synthesise(app).flatMap(({ template }) =>
        Object.values(template.Resources ?? {}).map(({ Type }) => Type),
      );
      expect([...new Set(types)].filter((type) => !(type in COST_OF_TYPES)).sort()).toEqual([]);
    },
  );

  test('has no NAT gateway', () => {
    expect(COST_OF_TYPES).not.toHaveProperty('AWS::EC2::NatGateway');
  });

  test('contains only resources of the templates', () => {
    const resources: Record<string, Resource> = Object.fromEntries(
      Object.keys(usageOf(demand).functions).map((name) => [
        `${name}Function1`,
        { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 512 } },
      ]),
    );
    const named = (more: Record<string, Resource>) =>
      billOf([resources, more], usageOf(demand)).map(({ item }) => item);
    expect(named({})).not.toContain('Secrets');
    expect(named({ S: { Type: 'AWS::SecretsManager::Secret', Properties: {} } })).toContain('Secrets');
  });

  test('fails for a database class without a price', () => {
    const Properties = { DBInstanceClass: 'db.x9.huge' };
    expect(() => billOf([{ D: { Type: 'AWS::RDS::DBInstance', Properties } }], usageOf(demand))).toThrow(
      'no price for db.x9.huge',
    );
  });
});

test('docs/cost.md equals the generated text (npm run cost -- --write updates it)', () => {
  const written = readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
  expect(written).toBe(costDocument());
});
