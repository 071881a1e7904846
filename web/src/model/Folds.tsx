import type { ModelCard } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, figures, whole } from '../ui/format.ts';

/** The years that it was tested on, one by one: how steady it is. */
export function Folds({ folds }: { folds: ModelCard['folds'] }) {
  if (folds.length === 0) return null;
  return (
    <section className="panel">
      <h2>Is it steady?</h2>
      <p className="muted">
        For each stretch the model was trained on what came before alone, with a gap between, and tested on
        what came after.
      </p>
      <DataTable
        label="Test years"
        columns={[
          'Tested on',
          { number: 'Cases' },
          { number: 'Order of stocks' },
          { number: 'Quality of probabilities' },
          { number: 'Calibration error' },
        ]}
      >
        {folds.map((fold) => (
          <tr key={fold.testFrom}>
            <th scope="row">
              {fold.testFrom && day(fold.testFrom)} to {fold.testTo && day(fold.testTo)}
            </th>
            <Cell value={fold.rows} show={whole} />
            <Cell value={fold.rankIc} show={figures} />
            <Cell value={fold.logLoss} show={figures} />
            <Cell value={fold.ece} show={figures} />
          </tr>
        ))}
      </DataTable>
    </section>
  );
}

function Cell({ value, show }: { value: number | null; show: (value: number) => string }) {
  return <td className="number">{value === null ? '–' : show(value)}</td>;
}
