import type { Bar } from './provider.ts';

/** Numbers that one bar takes: ts, o, h, l, c, v. */
const WIDTH = 6;

/** A slice of that width. */
type PackedBar = [ts: number, o: number, h: number, l: number, c: number, v: number];

/** Bars of one instrument in ascending order, packed: a million bars take 48 MB, a third of what objects take. */
export class BarSeries {
  #values = new Float64Array(0);
  #used = 0;

  /** The ts of the last bar; -Infinity while there is none. */
  get lastTs(): number {
    return this.#values[this.#used - WIDTH] ?? Number.NEGATIVE_INFINITY;
  }

  push(bar: Bar): void {
    if (this.#used === this.#values.length) {
      const grown = new Float64Array(Math.max(8 * WIDTH, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.set([bar.ts, bar.o, bar.h, bar.l, bar.c, bar.v], this.#used);
    this.#used += WIDTH;
  }

  /** The bars from one day to another, `YYYY-MM-DD`, both inclusive. */
  bars(from: string, to: string): Bar[] {
    const [first, last] = [Date.parse(from), Date.parse(to)];
    const bars: Bar[] = [];
    for (let i = 0; i < this.#used; i += WIDTH) {
      const [ts, o, h, l, c, v] = this.#values.subarray(i, i + WIDTH) as unknown as PackedBar;
      if (ts >= first && ts <= last) bars.push({ ts, o, h, l, c, v });
    }
    return bars;
  }
}
