import type { Cell } from './sheet.ts';

/** A bar in Alpaca's form. */
export interface AlpacaBar {
  readonly t: string;
  readonly o: Cell;
  readonly h: Cell;
  readonly l: Cell;
  readonly c: Cell;
  readonly v: Cell;
  readonly n: number;
  readonly vw: Cell;
}

/** A page of Alpaca's bars. The types are loose because faults replace parts. */
export interface AlpacaPage {
  bars: unknown;
  next_page_token: string | null;
}

/** The token of a page, from the place of its first bar. */
export function tokenOf(offset: number): string {
  return Buffer.from(String(offset)).toString('base64');
}

/** The place of a page's first bar, from its token. */
export function offsetOf(token: string | null): number {
  return Number(Buffer.from(token ?? '', 'base64').toString() || 0);
}
