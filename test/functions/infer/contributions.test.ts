import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import {
  baseline,
  contributionsOf,
  parseTrees,
  type TreeEnsemble,
} from '../../../functions/infer/contributions.ts';
import { ModelError } from '../../../functions/shared/errors.ts';

type Tree = TreeEnsemble['trees'][number];

/** The left leaf (up to 0.5) is 1 with 3 of 4 rows, the right leaf is 5, so the average is 2. */
const STUMP: Tree = {
  feature: [0],
  threshold: [0.5],
  left: [-1],
  right: [-2],
  cover: [4],
  leafValue: [1, 5],
  leafCover: [3, 1],
};
const LEAF: Tree = {
  feature: [],
  threshold: [],
  left: [],
  right: [],
  cover: [],
  leafValue: [0.25],
  leafCover: [1],
};

function ensembleOf(trees: Tree[], features: string[], baseScore = 0): TreeEnsemble {
  return { format: 1, features, baseScore, trees };
}

/** A tree of random splits. With fewer features than levels, features repeat on a path. */
function randomTree(next: () => number, features: number, depth: number): Tree {
  const tree: Tree = {
    feature: [],
    threshold: [],
    left: [],
    right: [],
    cover: [],
    leafValue: [],
    leafCover: [],
  };
  const grow = (rows: number, level: number): number => {
    if (level === 0 || rows < 2 || next() < 0.15) {
      tree.leafCover.push(rows);
      return ~(tree.leafValue.push(next() * 2 - 1) - 1);
    }
    const node = tree.feature.push(Math.floor(next() * features)) - 1;
    tree.threshold[node] = Math.fround(next());
    tree.cover[node] = rows;
    const leftRows = 1 + Math.floor(next() * (rows - 1));
    tree.left[node] = grow(leftRows, level - 1);
    tree.right[node] = grow(rows - leftRows, level - 1);
    return node;
  };
  grow(200, depth);
  return tree;
}

/** A tree's expectation given only some features; splits on the other features are averaged by cover. */
function expectation(tree: Tree, row: number[], known: Set<number>, node = 0): number {
  if (tree.feature.length === 0) return tree.leafValue[0] as number;
  if (node < 0) return tree.leafValue[~node] as number;
  const left = tree.left[node] as number;
  const right = tree.right[node] as number;
  const feature = tree.feature[node] as number;
  if (known.has(feature)) {
    const goesLeft = (row[feature] as number) <= (tree.threshold[node] as number);
    return expectation(tree, row, known, goesLeft ? left : right);
  }
  const rowsOf = (child: number) => (child < 0 ? tree.leafCover[~child] : tree.cover[child]) as number;
  const sum =
    rowsOf(left) * expectation(tree, row, known, left) + rowsOf(right) * expectation(tree, row, known, right);
  return sum / (tree.cover[node] as number);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Shapley's formula over all subsets of the features. */
function shapleyValues(ensemble: TreeEnsemble, row: number[]): number[] {
  const count = ensemble.features.length;
  const worth = (known: Set<number>) =>
    ensemble.trees.reduce((sum, tree) => sum + expectation(tree, row, known), ensemble.baseScore);
  const worths = Array.from({ length: 2 ** count }, (_, mask) =>
    worth(new Set(ensemble.features.map((_, f) => f).filter((f) => mask & (1 << f)))),
  );
  return ensemble.features.map((_, feature) => {
    let value = 0;
    worths.forEach((without, mask) => {
      if (mask & (1 << feature)) return;
      const size = mask.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      value += weight * ((worths[mask | (1 << feature)] as number) - without);
    });
    return value;
  });
}

function sample(seed: number): { ensemble: TreeEnsemble; row: number[] } {
  const next = randomNumbers(seed);
  const features = 1 + Math.floor(next() * 6);
  const trees = Array.from({ length: 1 + Math.floor(next() * 4) }, () =>
    randomTree(next, features, Math.floor(next() * 6)),
  );
  const names = Array.from({ length: features }, (_, i) => `f${i}`);
  return {
    ensemble: ensembleOf([...trees, LEAF], names, next()),
    row: names.map(() => Math.fround(next())),
  };
}

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

describe('contributionsOf', () => {
  test('returns the distance to the average if one feature decides', () => {
    const ensemble = ensembleOf([STUMP], ['a', 'b']);
    expect(contributionsOf(ensemble, [0, 9])).toEqual([-1, 0]);
    expect(contributionsOf(ensemble, [1, 9])).toEqual([3, 0]);
  });

  test('sends a value at the threshold to the left', () => {
    expect(contributionsOf(ensembleOf([STUMP], ['a']), [0.5])).toEqual([-1]);
  });

  test('attributes a tree of a single leaf to no feature', () => {
    expect(contributionsOf(ensembleOf([LEAF], ['a', 'b']), [1, 2])).toEqual([0, 0]);
  });

  test('returns the Shapley values over all subsets of features, on random ensembles', () => {
    for (const seed of SEEDS) {
      const { ensemble, row } = sample(seed);
      const expected = shapleyValues(ensemble, row);
      contributionsOf(ensemble, Float32Array.from(row)).forEach((value, f) => {
        expect(value, `seed ${seed}, feature ${f}`).toBeCloseTo(expected[f] as number, 10);
      });
    }
  });

  test('counts a feature that repeats on a path once, with both of its conditions', () => {
    // a <= 0.8 and then a <= 0.2: 1 for 2 rows, 3 for 2 rows, and above 0.8 it is 8 for 4 rows.
    const twice: Tree = {
      feature: [0, 0],
      threshold: [0.8, 0.2],
      left: [1, -1],
      right: [-3, -2],
      cover: [8, 4],
      leafValue: [1, 3, 8],
      leafCover: [2, 2, 4],
    };
    expect(contributionsOf(ensembleOf([twice], ['a']), [0.5])[0]).toBeCloseTo(3 - 5, 12);
  });
});

describe('baseline', () => {
  test('returns the average over the training rows plus the base score', () => {
    expect(baseline(ensembleOf([STUMP, LEAF], ['a'], 10))).toBe(10 + 2 + 0.25);
  });

  test('sums to the prediction with the contributions', () => {
    for (const seed of SEEDS) {
      const { ensemble, row } = sample(seed);
      const all = new Set(row.keys());
      const prediction = ensemble.trees.reduce(
        (sum, tree) => sum + expectation(tree, row, all),
        ensemble.baseScore,
      );
      const sum = contributionsOf(ensemble, row).reduce((a, b) => a + b, baseline(ensemble));
      expect(sum, `seed ${seed}`).toBeCloseTo(prediction, 10);
    }
  });
});

describe('parseTrees', () => {
  const body = (value: unknown) => Buffer.from(JSON.stringify(value));
  const file = ensembleOf([STUMP], ['a', 'b']);
  const fault = (bytes: Uint8Array) => {
    try {
      parseTrees(bytes, ['a', 'b']);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('reads an ensemble and ignores other keys of its trees', () => {
    const trees = [{ ...STUMP, defaultLeft: [false] }];
    expect(parseTrees(body({ ...file, trees }), ['a', 'b'])).toEqual(file);
  });

  test.each([
    ['a body that is not JSON', Buffer.from('{'), 'model trees.json: is not JSON'],
    ['another format', body({ ...file, format: 2 }), 'model trees.json: is not a tree ensemble of format 1'],
    [
      'a tree without leaves',
      body({ ...file, trees: [{ ...STUMP, leafValue: [] }] }),
      'model trees.json: is not a tree ensemble of format 1',
    ],
    [
      'another order of features',
      body({ ...file, features: ['b', 'a'] }),
      'model trees.json: its features are not those of the manifest in the same order',
    ],
    [
      'another set of features',
      body({ ...file, features: ['a'] }),
      'model trees.json: its features are not those of the manifest in the same order',
    ],
  ])('rejects %s', (_, bytes, message) => {
    const error = fault(bytes);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toHaveProperty('message', message);
  });
});
