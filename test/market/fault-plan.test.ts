import { describe, expect, test } from 'vitest';
import { drawFault, TRANSIENT_KINDS } from './fault-draw.ts';
import { FaultPlan } from './fault-plan.ts';
import { FAULT_KINDS, FAULTS } from './faults.ts';
import { random } from './random.ts';
import { chartPath, startSynthetic } from './support.ts';

const chart = (symbol = 'AAPL') => ({ endpoint: 'chart', symbol, interval: 'daily' }) as const;
const kinds = (plan: FaultPlan, symbol: string, count: number) =>
  Array.from({ length: count }, () => plan.next(chart(symbol))?.fault.kind);

describe('rules', () => {
  test('match a symbol, an endpoint, an interval, and a number of requests', () => {
    const plan = new FaultPlan();
    plan.add({ fault: { kind: 'rate_limit' }, symbol: 'AAPL', skip: 1, times: 2 });
    expect(kinds(plan, 'MSFT', 2)).toEqual([undefined, undefined]);
    expect(kinds(plan, 'AAPL', 4)).toEqual([undefined, 'rate_limit', 'rate_limit', undefined]);
    plan.add({ fault: { kind: 'hang' }, interval: '15m' });
    expect(plan.next(chart())).toBeUndefined();
    expect(plan.next({ ...chart(), interval: '15m' })?.fault.kind).toBe('hang');
    plan.add({ fault: { kind: 'server_error' }, endpoint: 'stooq', times: Number.POSITIVE_INFINITY });
    expect(plan.next(chart())).toBeUndefined();
    for (let i = 0; i < 9; i++) expect(plan.next({ endpoint: 'stooq' })?.fault.kind).toBe('server_error');
  });

  test('apply in the order of addition, and can be removed', () => {
    const plan = new FaultPlan();
    const remove = plan.add({ fault: { kind: 'hang' }, times: 2 });
    plan.add({ fault: { kind: 'rate_limit' }, times: 2 });
    expect(kinds(plan, 'AAPL', 1)).toEqual(['hang']);
    remove();
    expect(kinds(plan, 'AAPL', 3)).toEqual(['rate_limit', 'rate_limit', undefined]);
    plan.add({ fault: { kind: 'hang' } });
    plan.clear();
    expect(kinds(plan, 'AAPL', 1)).toEqual([undefined]);
  });

  test('ignore requests to which their fault cannot happen', () => {
    const plan = new FaultPlan();
    plan.add({ fault: { kind: 'daily_limit' } });
    expect(plan.next(chart())).toBeUndefined();
    expect(plan.next({ endpoint: 'stooq', symbol: 'AAPL' })?.fault.kind).toBe('daily_limit');
  });

  test('take precedence over random faults', () => {
    const plan = new FaultPlan();
    plan.random({ rate: 1, seed: 1, kinds: ['hang'] });
    plan.add({ fault: { kind: 'rate_limit' } });
    expect(kinds(plan, 'AAPL', 2)).toEqual(['rate_limit', 'hang']);
  });
});

describe('random faults', () => {
  const drawn = (seed: number, symbols: readonly string[]) => {
    const plan = new FaultPlan();
    plan.random({ rate: 0.5, seed });
    const faults: Record<string, unknown[]> = {};
    for (const symbol of symbols) {
      faults[symbol] ??= [];
      faults[symbol]?.push(plan.next(chart(symbol))?.fault);
    }
    return faults;
  };
  const inTurns = Array.from({ length: 200 }, (_, i) => ['AAPL', 'MSFT'][i % 2] ?? '');

  test('are equal for equal seeds, in any order of symbols', () => {
    expect(drawn(7, inTurns)).toEqual(drawn(7, [...inTurns].sort()));
  });

  test('differ for another seed, and for another symbol', () => {
    expect(drawn(8, inTurns)).not.toEqual(drawn(7, inTurns));
    const { AAPL, MSFT } = drawn(7, inTurns);
    expect(AAPL).not.toEqual(MSFT);
  });

  test('occur at the given rate, in every kind that does not change the market', () => {
    const plan = new FaultPlan();
    plan.random({ rate: 0.3, seed: 3 });
    const hits = Array.from({ length: 200 }, (_, i) => kinds(plan, `S${i}`, 100)).flat();
    const share = hits.filter(Boolean).length / hits.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.01);
    const possible = TRANSIENT_KINDS.filter((kind) => FAULTS[kind].endpoints.includes('chart'));
    expect(new Set(hits.filter(Boolean))).toEqual(new Set(possible));
  });

  test('keep to the given kinds, symbols and endpoints', () => {
    const plan = new FaultPlan();
    plan.random({ rate: 1, seed: 3, kinds: ['delisted', 'rate_limit_crumb'], symbols: ['AAPL'] });
    expect(kinds(plan, 'AAPL', 2)).toEqual(['delisted', 'delisted']);
    expect(kinds(plan, 'MSFT', 1)).toEqual([undefined]);
    expect(plan.next({ endpoint: 'crumb' })).toBeUndefined();
    plan.random({ rate: 1, seed: 3, endpoints: ['crumb'] });
    expect(plan.next(chart())).toBeUndefined();
    expect(plan.next({ endpoint: 'crumb' })).toBeDefined();
  });

  test('draw each kind with its parameters', () => {
    for (const kind of FAULT_KINDS) {
      const [endpoint = 'chart'] = FAULTS[kind].endpoints;
      expect(drawFault(random(1), endpoint, [kind])).toMatchObject({ kind });
    }
    expect(drawFault(random(1), 'cookie', ['delisted'])).toBeUndefined();
  });
});

test('gives equal answers over HTTP for equal seeds, in any order of requests', async () => {
  const answers = async (seed: number, order: readonly string[]) => {
    const server = await startSynthetic({}, { timing: { hangMs: 1, dripMs: 1, dripBytes: 4096 } });
    server.faults.random({ rate: 0.7, seed });
    const bodies: Record<string, string[]> = {};
    for (const symbol of order) {
      const body = await fetch(server.origin + chartPath({ symbol }))
        .then(async (response) => `${response.status} ${await response.text()}`)
        .catch(() => 'failed');
      bodies[symbol] = [...(bodies[symbol] ?? []), body];
    }
    return { bodies, faults: server.requests.map(({ fault }) => fault?.fault.kind) };
  };
  const order = Array.from({ length: 40 }, (_, i) => `US00${1 + (i % 2)}`);
  const first = await answers(5, order);
  expect(first.faults.filter(Boolean).length).toBeGreaterThan(20);
  expect((await answers(5, [...order].sort())).bodies).toEqual(first.bodies);
  expect((await answers(6, order)).bodies).not.toEqual(first.bodies);
});
