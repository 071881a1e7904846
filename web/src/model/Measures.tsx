import type { ModelMeasure } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { exactShare, figures, whole } from '../ui/format.ts';
import { BASELINE_WORDS, MEASURE_WORDS, verdictOf } from './words.ts';

const BASELINES = ['majority_class', 'momentum_12_1', 'short_term_reversal'] as const;
const COLUMNS = [
  'Question',
  { number: 'The model' },
  ...BASELINES.map((name) => ({ number: BASELINE_WORDS[name] })),
];

/** The model beside what one could do without it. */
export function Measures({ measures, costBps }: { measures: ModelMeasure[]; costBps: number | null }) {
  return (
    <section className="panel">
      <h2>Is it better than simple rules?</h2>
      <p className="muted">
        Beside each figure stands what a reader gets without a model. The range below it holds the true value
        in 95 of 100 cases; where that of the difference holds 0, the two cannot be told apart.
        {costBps !== null && ` Each trade is taken to cost ${whole(costBps)} hundredths of a percent.`}
      </p>
      <DataTable label="Measures beside baselines" columns={COLUMNS} className="measures">
        {measures.map((measure) => (
          <Row key={measure.name} measure={measure} />
        ))}
      </DataTable>
    </section>
  );
}

function Row({ measure }: { measure: ModelMeasure }) {
  const { name, asks, isLowerBetter, isShare } = MEASURE_WORDS[measure.name];
  const show = (value: number) => (isShare ? exactShare(value) : figures(value));
  return (
    <tr>
      <th scope="row">
        <span className="measure-name">
          {name}
          {isLowerBetter && <span className="tag">lower is better</span>}
        </span>
        <span className="measure-asks">{asks}</span>
      </th>
      <td className="number">
        <strong>{show(measure.value)}</strong>
        {measure.interval && (
          <span className="interval">
            {show(measure.interval.low)} to {show(measure.interval.high)}
          </span>
        )}
      </td>
      {BASELINES.map((baseline) => {
        const found = measure.baselines.find((one) => one.name === baseline);
        if (!found)
          return (
            <td key={baseline} className="number muted">
              –
            </td>
          );
        const verdict = verdictOf(measure, found);
        return (
          <td key={baseline} className="number">
            {show(found.value)}
            {verdict !== 'not tested' && (
              <span className={`verdict verdict-${verdict.split(' ')[0]}`}>
                {verdict === 'no clear difference' ? verdict : `model is ${verdict}`}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
