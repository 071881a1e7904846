import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { Bar } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, price, whole } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';

const SHOWN_BARS = 20;

const COLUMNS = ['Day', ...['Open', 'High', 'Low', 'Close', 'Volume'].map((number) => ({ number }))];

/** The chart's last bars as a table: the accessible alternative to the drawing, and the exact numbers. */
export function BarTable({ bars, currency }: { bars: Bar[]; currency: string | null }) {
  return (
    <Disclosure className="disclosure">
      <Heading level={3}>
        <Button slot="trigger" className="disclosure-button">
          <Icon name="next" />
          The last {SHOWN_BARS} trading days as a table
        </Button>
      </Heading>
      <DisclosurePanel>
        <DataTable label="Prices" columns={COLUMNS}>
          {bars
            .slice(-SHOWN_BARS)
            .reverse()
            .map((bar) => (
              <tr key={bar.ts}>
                <th scope="row">{day(bar.ts)}</th>
                {[bar.open, bar.high, bar.low, bar.close].map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: four prices in a fixed order
                  <td key={index} className="number">
                    {price(value, currency)}
                  </td>
                ))}
                <td className="number">{whole(bar.volume)}</td>
              </tr>
            ))}
        </DataTable>
      </DisclosurePanel>
    </Disclosure>
  );
}
