import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, figures } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';

/** The model's inputs for this call. */
export function Features({ item }: { item: RecommendationDetail }) {
  const words = new Map(item.explanation?.contributions.map((one) => [one.feature, one.words]));
  const entries = Object.entries(item.features).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <section className="panel">
      <h2>What the model used</h2>
      <p className="muted">
        The model computed these {entries.length} numbers from prices up to {day(item.asOf)}. A rank of 0.9
        means that the number was higher than for 90% of stocks on that day.
      </p>
      <Disclosure className="disclosure">
        <Heading level={3}>
          <Button slot="trigger" className="disclosure-button">
            <Icon name="next" />
            Show the numbers
          </Button>
        </Heading>
        <DisclosurePanel>
          <DataTable label="What the model used" columns={['Input', { number: 'Value' }, 'In words']}>
            {entries.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td className="number">{figures(value)}</td>
                <td className="text">{words.get(name)}</td>
              </tr>
            ))}
          </DataTable>
        </DisclosurePanel>
      </Disclosure>
    </section>
  );
}
