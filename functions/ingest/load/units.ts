import { minorUnitsOf } from '../../shared/currencies.ts';
import type { Finding } from '../quality/findings.ts';
import { median } from '../quality/levels.ts';
import type { RawBar } from '../raw.ts';
import type { Answer } from './answers.ts';
import type { StoredBar } from './stored-state.ts';

/** How far the ratio of prices may be from the number of units, as a factor: dividends change the past as well. */
const NEAR = 1.4;

/** This many answers in a row that contradict the stored unit show that the stored bars were wrong. */
const ANSWERS_TO_AGREE = 3;

/**
 * Finds an answer whose prices are in the minor unit although it names the currency, or the reverse: its closes are
 * about a hundred times the stored ones, or a hundredth, without a split of that ratio. The stored bars stay.
 *
 * An instrument whose currency was never recorded may hold bars in a minor unit, which an earlier version stored. They
 * are replaced as a restated history is, and so are bars that {@link ANSWERS_TO_AGREE} answers contradict.
 */
export function findWrongUnit(
  { instrument, record }: Answer,
  bars: readonly RawBar[],
  stored: ReadonlyMap<number, StoredBar>,
): Finding<'wrong_unit'> | undefined {
  const { currency, refusedUnits } = instrument;
  const units = currency === null ? undefined : minorUnitsOf(currency);
  if (units === undefined || refusedUnits >= ANSWERS_TO_AGREE - 1) return undefined;
  const ratios = bars.flatMap(([ts, , , , close]) => {
    const before = stored.get(ts);
    return before ? [close / before.bar[4]] : [];
  });
  const ratio = median(ratios);
  const isNear = (of: number) => Math.abs(Math.log(of)) < Math.log(NEAR);
  if (!isNear(ratio / units) && !isNear(ratio * units)) return undefined;
  // A split divides the prices before it.
  if (record.actions.some(({ kind, value }) => kind === 'split' && isNear(ratio * value))) return undefined;
  const message = `the prices are ${Number(ratio.toPrecision(3))} times the stored ones, which are in ${currency}: another unit`;
  return { reason: 'wrong_unit', message };
}
