import { addStacks } from '../../lib/application.ts';
import type { Settings } from '../../lib/settings.ts';
import { newBareApp, type Resource, synthesise } from '../../lib/templates.ts';
import { billOf, type Item } from './bill.ts';
import { PRICES_OF } from './prices.ts';
import { usageOf } from './usage.ts';

/** The load on an installation, and its settings. */
export interface Scenario {
  instruments: number;
  /** API requests per month. */
  requests: number;
  settings: Settings;
}

/** The estimated cost of a month. */
export interface Estimate {
  items: Item[];
  totalUsd: number;
  /** The total without free allowances. */
  listUsd: number;
  pricesOf: string;
}

/** Synthesises the stacks and prices a month. It bundles nothing and works offline. */
export function estimate({ instruments, requests, settings }: Scenario): Estimate {
  const usage = usageOf({
    instruments,
    requests,
    intraday: settings.intraday === 'on',
    retraining: settings.retraining === 'on',
  });
  const items = billOf(resourcesOf(settings), usage);
  const sum = (of: (item: Item) => number) =>
    Math.round(items.reduce((s, one) => s + of(one), 0) * 100) / 100;
  return {
    items,
    totalUsd: sum(({ usd }) => usd),
    listUsd: sum(({ listUsd }) => listUsd),
    pricesOf: PRICES_OF,
  };
}

const known = new Map<string, Record<string, Resource>[]>();

/** The resources of each stack. Synthesis takes half a second, so the resources are kept for each set of settings. */
function resourcesOf(settings: Settings): Record<string, Resource>[] {
  const key = JSON.stringify(settings);
  let resources = known.get(key);
  if (!resources) {
    const app = newBareApp();
    addStacks(app, settings);
    resources = synthesise(app).map(({ template }) => template.Resources ?? {});
    known.set(key, resources);
  }
  return resources;
}
