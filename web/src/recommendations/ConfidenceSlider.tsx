import { useEffect, useState } from 'react';
import { Label } from 'react-aria-components/Label';
import { Slider, SliderFill, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { share } from '../ui/format.ts';

/** A slider for the minimum confidence. It changes the filter when the user releases the thumb. */
export function ConfidenceSlider({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  return (
    <Slider
      className="slider"
      minValue={0}
      maxValue={0.95}
      step={0.05}
      value={Math.min(shown, 0.95)}
      formatOptions={{ style: 'percent' }}
      onChange={(next) => setShown(next as number)}
      onChangeEnd={(next) => onChange(Math.round((next as number) * 100) / 100)}
    >
      <Label>Minimum confidence</Label>
      <SliderOutput>{shown === 0 ? 'any' : share(shown)}</SliderOutput>
      <SliderTrack className="slider-track">
        {/* The component would fill the whole height of the track. */}
        <SliderFill className="slider-fill" style={{ height: 4 }} />
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
    </Slider>
  );
}
