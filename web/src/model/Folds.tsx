import type { ModelCard } from '../../api-types.d.ts';
import { day, figures, whole } from '../ui/format.ts';
import { Scroll } from '../ui/Scroll.tsx';

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
      <Scroll label="Test years">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Tested on</th>
              <th scope="col" className="number">
                Cases
              </th>
              <th scope="col" className="number">
                Order of stocks
              </th>
              <th scope="col" className="number">
                Quality of probabilities
              </th>
              <th scope="col" className="number">
                Calibration error
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Cell({ value, show }: { value: number | null; show: (value: number) => string }) {
  return <td className="number">{value === null ? '–' : show(value)}</td>;
}
