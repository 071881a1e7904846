import { expect, test } from 'vitest';
import { sharesOf } from '../../bench/processor-shares.ts';

const frame = (functionName: string, url = '') => ({ functionName, url });

test('gives each sample to the innermost part that it belongs to', () => {
  const nodes = [
    { id: 1, callFrame: frame('(root)'), children: [2, 7, 8, 9] },
    { id: 2, callFrame: frame('serve', 'file:///b/local/serving/gateway.ts'), children: [3, 6] },
    { id: 3, callFrame: frame('handle', 'file:///b/functions/api/market/read-health.ts'), children: [4, 5] },
    { id: 4, callFrame: frame('query', 'file:///b/node_modules/postgres/src/query.js'), children: [10] },
    { id: 5, callFrame: frame('parse', 'file:///b/node_modules/zod/v4/core/schemas.js') },
    { id: 6, callFrame: frame('end', 'node:_http_outgoing') },
    { id: 7, callFrame: frame('(garbage collector)') },
    { id: 8, callFrame: frame('(idle)') },
    { id: 9, callFrame: frame('onread', 'node:internal/stream_base_commons') },
    { id: 10, callFrame: frame('writeBuffer') },
  ];
  const shares = sharesOf({
    nodes,
    samples: [10, 5, 3, 6, 7, 8, 9],
    timeDeltas: [40, 5, 15, 20, 10, 1000, 10],
  });
  expect(shares).toEqual({ driver: 40, gateway: 20, validation: 5, handler: 15, node: 10, garbage: 10 });
});

test('has a share of zero for a part without samples', () => {
  const nodes = [{ id: 1, callFrame: frame('(garbage collector)') }];
  expect(sharesOf({ nodes, samples: [1], timeDeltas: [7] })).toMatchObject({ driver: 0, garbage: 100 });
});
