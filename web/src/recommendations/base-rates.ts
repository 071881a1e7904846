import { useQuery } from '@tanstack/react-query';
import type { Label } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';

/**
 * How often each call comes true for any stock, to compare a confidence with. Undefined until loaded, and where the model
 * has no such figures.
 */
export function useBaseRates(modelVersion: string | null): Record<Label, number> | undefined {
  const { data } = useQuery({ ...queries.model(modelVersion ?? ''), enabled: modelVersion !== null });
  if (!data) return undefined;
  const { BUY, HOLD, SELL } = data.card.hitRates;
  if (BUY.baseRate === null || HOLD.baseRate === null || SELL.baseRate === null) return undefined;
  return { BUY: BUY.baseRate, HOLD: HOLD.baseRate, SELL: SELL.baseRate };
}
