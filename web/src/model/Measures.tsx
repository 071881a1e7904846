import type { ModelMeasure } from '../../api-types.d.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { cost, exactShare, figures } from '../ui/format.ts';
import { Empty } from '../ui/states.tsx';
import { BASELINE_NAMES, compareWith, MEASURES } from './explanations.ts';

const BASELINES = ['majority_class', 'momentum_12_1', 'short_term_reversal', 'weekly_reversal'] as const;
type Baseline = (typeof BASELINES)[number];

const TITLE = 'Is it better than simple rules?';

/** The model's measures, compared with those of simple rules. */
export function Measures({ measures, costBps }: { measures: ModelMeasure[]; costBps: number | null }) {
  const baselines = BASELINES.filter((name) =>
    measures.some((measure) => measure.baselines.some((one) => one.name === name)),
  );
  const columns = [
    'Measure',
    { number: 'This model' },
    ...baselines.map((name) => ({ number: BASELINE_NAMES[name] })),
  ];
  if (measures.length === 0) {
    return (
      <section className="panel">
        <h2>{TITLE}</h2>
        <Empty title="Not measured.">
          <p>This model came without results on days that it had not seen in training.</p>
        </Empty>
      </section>
    );
  }
  return (
    <section className="panel">
      <h2>{TITLE}</h2>
      <p className="muted">
        The columns on the right show what simple rules achieve without a model. The range below a figure
        contains the true value in 95 of 100 cases. “No clear difference” means that chance alone could
        explain the gap.
        {costBps !== null &&
          ` Where a measure is after costs, each trade costs ${cost(costBps / 10_000)} of its value.`}
      </p>
      <DataTable label="Model compared with simple rules" columns={columns} className="measures">
        {measures.map((measure) => (
          <Row key={measure.name} measure={measure} baselines={baselines} />
        ))}
      </DataTable>
    </section>
  );
}

function Row({ measure, baselines }: { measure: ModelMeasure; baselines: readonly Baseline[] }) {
  const { name, explanation, isLowerBetter, isShare } = MEASURES[measure.name];
  const show = (value: number) => (isShare ? exactShare(value) : figures(value));
  return (
    <tr>
      <th scope="row">
        <span className="measure-name">
          {name}
          {isLowerBetter && <span className="tag">lower is better</span>}
        </span>
        <span className="measure-explanation">{explanation}</span>
      </th>
      <td className="number">
        <strong>{show(measure.value)}</strong>
        {measure.interval && (
          <span className="interval">
            {show(measure.interval.low)} to {show(measure.interval.high)}
          </span>
        )}
      </td>
      {baselines.map((baseline) => {
        const result = measure.baselines.find((one) => one.name === baseline);
        if (!result)
          return (
            <td key={baseline} className="number muted">
              –
            </td>
          );
        const verdict = compareWith(measure, result);
        return (
          <td key={baseline} className="number">
            {show(result.value)}
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
