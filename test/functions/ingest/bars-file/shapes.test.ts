import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { barsOf, useBarsFolder, zipOf } from './bars-file-support.ts';
import { expected, makeTruth, SHAPES, type Shape, write } from './shapes-support.ts';

const folder = useBarsFolder();
const truthOf = (shape: Shape, seed: number) =>
  makeTruth(
    seed,
    shape.isNameless ? ['AAPL'] : ['AAPL', 'BRK-B', 'M&M.NS', '^GSPC', 'EURUSD=X', 'BTC-USD'],
    60,
  );

test('covers more than fifty shapes, each under its own name', () => {
  expect(new Set(SHAPES.map(({ name }) => name)).size).toBe(SHAPES.length);
  expect(SHAPES.length).toBeGreaterThan(52);
});

test.each(SHAPES.map((shape) => [shape.name, shape] as const))(
  'reads the true bars of %s',
  async (_, shape) => {
    const truth = truthOf(shape, 1);
    const text = write(shape, truth);
    const name = shape.isNameless ? 'AAPL' : 'bars';
    for (const [file, content] of [
      [`${name}.csv`, text],
      [`${name}.csv.gz`, gzipSync(text)],
      [`${name}.zip`, zipOf({ [`folder/${name}.csv`]: text })],
    ] as const) {
      const { series, faults, findings } = await folder.read(file, content, shape.dateFormat).then((read) => {
        for (const one of truth) expect(barsOf(read, one.symbol)).toEqual(expected(shape, one));
        return read;
      });
      expect([...series.keys()].sort()).toEqual(truth.map(({ symbol }) => symbol).sort());
      expect([...faults, ...findings.unreadable]).toEqual([]);
      expect(findings.withoutSymbol).toBeUndefined();
    }
  },
);
