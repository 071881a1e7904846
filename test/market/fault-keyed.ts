import { type AlpacaBar, type AlpacaPage, tokenOf } from './alpaca-page.ts';
import type { Fault } from './faults.ts';
import type { Random } from './random.ts';

/** Where a fault hits a page of Alpaca's bars. */
interface PagePlace {
  /** The symbol whose data a fault spoils, where it spoils one. */
  hit: string | undefined;
  /** The place of the page's first bar. */
  offset: number;
  source: Random;
}

/** Applies a fault of the form to a page of Alpaca's; other faults leave it unchanged. */
export function spoilAlpaca(page: AlpacaPage, fault: Fault, { hit, offset, source }: PagePlace): AlpacaPage {
  const bars = page.bars as Record<string, AlpacaBar[]>;
  const code = hit?.replace('-', '.') ?? '';
  const rows = Object.entries(bars).flatMap(([of, all]) => all.map((bar) => ({ of, bar })));
  const grouped = (kept: typeof rows) => {
    const groups: Record<string, AlpacaBar[]> = {};
    for (const { of, bar } of kept) {
      groups[of] ??= [];
      groups[of].push(bar);
    }
    return groups;
  };
  switch (fault.kind) {
    case 'empty':
      return { ...page, bars: fault.form === 'null' || !fault.form ? null : fault.form === 'list' ? [] : {} };
    case 'symbol_missing': {
      const { [code]: _, ...others } = bars;
      return { ...page, bars: others };
    }
    case 'foreign_symbol': {
      const [, some = []] = Object.entries(bars)[0] ?? [];
      return { ...page, bars: { ...bars, ZZZZ: some.slice(0, 3) } };
    }
    case 'page_cut':
      return { bars: grouped(rows.slice(0, rows.length >> 1)), next_page_token: null };
    case 'page_repeated':
      return rows.length === 0 ? page : { ...page, next_page_token: tokenOf(offset) };
    case 'page_restated': {
      // The share at the middle of the page is split while the page is read.
      const at = rows.length >> 1;
      const split = rows[at]?.of;
      const ratio = fault.ratio ?? 4;
      const restated = rows.map(({ of, bar }, i) => {
        return { of, bar: of === split && i >= at ? scaled(bar, 1 / ratio) : bar };
      });
      return { ...page, bars: grouped(restated) };
    }
    case 'extra_fields': {
      const extended = rows.map(({ of, bar }) => ({ of, bar: { ...bar, lunarPhase: 'waxing' } }));
      return { ...page, bars: grouped(extended), currency: 'USD' } as AlpacaPage;
    }
    case 'missing_field': {
      const without = rows.map(({ of, bar }) => ({ of, bar: of === code ? withoutKey(bar, 'c') : bar }));
      return { ...page, bars: grouped(without as typeof rows) };
    }
    case 'wrong_shape':
      if (source.next() < 0.5) return { ...page, bars: rows.map(({ bar }) => bar) };
      return { ...page, bars: { ...bars, [code]: (bars[code] ?? []).map((bar) => Object.values(bar)) } };
    default:
      return page;
  }
}

/** Applies a fault of the form to Tiingo's rows; other faults leave them unchanged. */
export function spoilTiingo(rows: readonly Record<string, unknown>[], fault: Fault): unknown {
  switch (fault.kind) {
    case 'empty':
      if (fault.form === 'list') return [];
      return fault.form === 'no_timestamps'
        ? rows.map(({ date: _, ...row }) => row)
        : fault.form === 'stub'
          ? {}
          : null;
    case 'extra_fields':
      return rows.map((row) => ({ ...row, lunarPhase: 'waxing' }));
    case 'missing_field':
      return rows.map((row) => withoutKey(row, fault.field === 'volume' ? 'adjVolume' : 'adjClose'));
    case 'wrong_shape':
      return { detail: rows };
    default:
      return rows;
  }
}

function scaled(bar: AlpacaBar, factor: number): AlpacaBar {
  const times = (cell: AlpacaBar['o']) => (typeof cell === 'number' ? cell * factor : cell);
  return { ...bar, o: times(bar.o), h: times(bar.h), l: times(bar.l), c: times(bar.c) };
}

function withoutKey<T extends object>(row: T, key: string): Partial<T> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== key)) as Partial<T>;
}
