import type { ModelCard } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { day, exactShare, figures, whole } from '../ui/format.ts';

/** The model's measures in each test period, which show how steady it is. */
export function Folds({ folds }: { folds: ModelCard['folds'] }) {
  if (folds.length === 0) return null;
  return (
    <section className="panel">
      <h2>Does it work in every period?</h2>
      <p className="muted">
        For each period, the model was trained only on earlier data, with a gap in between, and then tested.
        Higher is better for the ranking; lower is better for the other two.
      </p>
      <DataTable
        label="Test periods"
        columns={[
          'Test period',
          { number: 'Cases' },
          { number: 'Ranking of stocks (rank IC)' },
          { number: 'Quality of percentages (log loss)' },
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
            <Cell value={fold.ece} show={exactShare} />
          </tr>
        ))}
      </DataTable>
    </section>
  );
}

function Cell({ value, show }: { value: number | null; show: (value: number) => string }) {
  return <td className="number">{value === null ? '–' : show(value)}</td>;
}
