import { share } from '../ui/format.ts';
import { useBaseRates } from './base-rates.ts';

/** Explains the confidence, with the chances for any stock to compare it with. */
export function ConfidenceNote({ modelVersion }: { modelVersion: string | null }) {
  const rates = useBaseRates(modelVersion);
  return (
    <p className="muted">
      Confidence is the chance that a call comes true.
      {rates &&
        ` For any stock, it is ${share(rates.BUY)} for BUY, ${share(rates.HOLD)} for HOLD and ${share(rates.SELL)} for SELL.`}
    </p>
  );
}
