import type { Interval } from '../../shared/constants.ts';
import { copyText } from '../../shared/copy.ts';
import type { RawBar } from '../raw.ts';

/** Bars of an instrument, by its id, and whose they are. */
export interface BarsOfInstrument {
  id: string;
  source: string;
  bars: readonly RawBar[];
}

/** The columns of {@link barLines}. */
export const LINE_COLUMNS = 'instrument_id, ts, o, h, l, c, v, interval, source';

/** Bars as COPY takes them, with {@link LINE_COLUMNS}. */
export function* barLines(series: Iterable<BarsOfInstrument>, interval: Interval): Generator<string> {
  // Instruments share their days, and to write an instant takes longer than the rest of its line.
  const instants = new Map<number, string>();
  const instantOf = (ts: number) => {
    let text = instants.get(ts);
    if (text === undefined) {
      // Postgres reads a day alone as midnight, which is half the text of an instant for a million bars.
      text = new Date(ts).toISOString().slice(0, interval === 'daily' ? 10 : 24);
      instants.set(ts, text);
    }
    return text;
  };
  for (const { id, source, bars } of series) {
    const ending = `${interval}\t${copyText(source)}`;
    for (const [ts, o, h, l, c, v] of bars) {
      yield `${id}\t${instantOf(ts)}\t${o}\t${h}\t${l}\t${c}\t${v}\t${ending}`;
    }
  }
}
