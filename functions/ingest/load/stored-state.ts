import type { CorporateAction } from '../providers/provider.ts';
import type { RawBar } from '../raw.ts';

/** An instrument in the database. Instants are milliseconds since the epoch. */
export interface StoredInstrument {
  id: string;
  symbol: string;
  exchange: string;
  /** Of its daily bars; null if unknown. */
  currency: string | null;
  /** How many answers since the last accepted one were refused for their unit. */
  refusedUnits: number;
  /** Its first and last bar of the interval; null where there is none. */
  firstTs: number | null;
  lastTs: number | null;
  /** When the provider of its stored bars was last asked; null where that was not recorded. */
  fetchedAt: number | null;
  /** Its recorded actions, of any day. */
  actions: CorporateAction[];
  /** Its unresolved bars in quarantine: row and instant. */
  quarantined: { id: string; ts: number }[];
}

/** A stored bar and the provider that it came from; null where that was not recorded. */
export interface StoredBar {
  bar: RawBar;
  source: string | null;
}

/** Everything stored that judging a batch needs. */
export interface StoredState {
  /** The stored bars of the requested days, by instrument id and instant. */
  bars: ReadonlyMap<string, ReadonlyMap<number, StoredBar>>;
  /** The last bars before the requested days, ascending, by instrument id: where the first new bars move a lot. */
  barsBefore: ReadonlyMap<string, RawBar[]>;
  /** Days on which other instruments have bars, by market key: one list per instrument, ascending. */
  otherDays: ReadonlyMap<string, number[][]>;
}
