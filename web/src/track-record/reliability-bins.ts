import type { Calibration } from '../../api-types.d.ts';
import type { Label } from '../api/profiles.ts';
import type { ReliabilityBin } from '../model/Reliability.tsx';

/** The bins of the live probabilities, in the form of the model's test. A label without bins has an empty list. */
export function binsOf({ labels }: Calibration): Record<Label, ReliabilityBin[]> {
  const of = (label: Label) =>
    (labels.find((one) => one.label === label)?.bins ?? []).map(
      ({ meanProbability, realisedShare, stocks }) => ({
        probability: meanProbability,
        frequency: realisedShare,
        rows: stocks,
      }),
    );
  return { BUY: of('BUY'), HOLD: of('HOLD'), SELL: of('SELL') };
}
