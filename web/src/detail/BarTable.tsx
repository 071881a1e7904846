import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { Bar } from '../../api-types.d.ts';
import { day, price, whole } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Scroll } from '../ui/Scroll.tsx';

const SHOWN = 20;

/** The chart's last bars as numbers, for who cannot see a drawing, or wants to know exactly. */
export function BarTable({ bars }: { bars: Bar[] }) {
  return (
    <Disclosure className="disclosure">
      <Heading level={3}>
        <Button slot="trigger" className="disclosure-button">
          <Icon name="next" />
          The last {SHOWN} days as numbers
        </Button>
      </Heading>
      <DisclosurePanel>
        <Scroll label="Prices">
          <table className="data">
            <thead>
              <tr>
                <th scope="col">Day</th>
                {['Open', 'High', 'Low', 'Close', 'Volume'].map((name) => (
                  <th key={name} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars
                .slice(-SHOWN)
                .reverse()
                .map((bar) => (
                  <tr key={bar.ts}>
                    <th scope="row">{day(bar.ts)}</th>
                    {[bar.open, bar.high, bar.low, bar.close].map((value, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: four prices in a fixed order
                      <td key={at} className="number">
                        {price(value)}
                      </td>
                    ))}
                    <td className="number">{whole(bar.volume)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Scroll>
      </DisclosurePanel>
    </Disclosure>
  );
}
