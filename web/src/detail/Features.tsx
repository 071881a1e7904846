import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import type { RecommendationDetail } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, figures } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';

/** What the model was given, number by number. */
export function Features({ item }: { item: RecommendationDetail }) {
  const words = new Map(item.explanation?.contributions.map((one) => [one.feature, one.words]));
  const entries = Object.entries(item.features).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <section className="panel">
      <h2>What the model saw</h2>
      <p className="muted">
        {entries.length} numbers, as they were on {day(item.asOf)}. A rank of 0.9 means ahead of nine in ten
        stocks of that day.
      </p>
      <Disclosure className="disclosure">
        <Heading level={3}>
          <Button slot="trigger" className="disclosure-button">
            <Icon name="next" />
            Show them
          </Button>
        </Heading>
        <DisclosurePanel>
          <DataTable label="What the model saw" columns={['Name', { number: 'Value' }, 'In words']}>
            {entries.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td className="number">{figures(value)}</td>
                <td className="text">{words.get(name) ?? ''}</td>
              </tr>
            ))}
          </DataTable>
        </DisclosurePanel>
      </Disclosure>
    </section>
  );
}
