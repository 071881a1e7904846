import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../api/queries.ts';
import { count, day, modelAge, whole } from '../ui/format.ts';
import { Loaded, Note } from '../ui/states.tsx';
import { Edges } from './Edges.tsx';
import { nameOfCheck } from './explanations.ts';
import { Folds } from './Folds.tsx';
import { HitRates } from './HitRates.tsx';
import { Measures } from './Measures.tsx';
import { Reliability } from './Reliability.tsx';
import './model.css';

/** How good the active model is, explained to a reader without knowledge of statistics. */
export function Component() {
  const query = useQuery(queries.activeModel());
  return (
    <div className="model">
      <title>The model · Boursomatic</title>
      <div className="page-head">
        <h1>The model</h1>
        {query.data && (
          <p className="freshness">
            <span>{query.data.version}</span>
            <span>trained {day(query.data.trainedAt)}</span>
            {query.data.ageDays !== null && <span>{modelAge(query.data.ageDays)}</span>}
            {query.data.modelDataTo && <span>learned from prices up to {day(query.data.modelDataTo)}</span>}
            <span>{count(query.data.recommendationsCount, 'recommendation')} published</span>
          </p>
        )}
      </div>
      <Loaded query={query} what="the model" rows={10}>
        {({ card, edges, gate, modelNotice }) => (
          <>
            <p className="lead">
              The model is a statistical program that reads past prices and volumes. For each stock, it
              estimates the chance that the stock does clearly better, clearly worse, or about as well as
              other stocks over the next month.
              {card.rows !== null && card.days !== null && (
                <>
                  {' '}
                  It was tested on {whole(card.rows)} cases from {whole(card.days)} trading days that it had
                  not seen in training. A case is one stock on one day.
                </>
              )}
            </p>
            {modelNotice && (
              <Note kind="info">
                <p>{modelNotice}</p>
              </Note>
            )}
            <Edges edges={edges} />
            {card.limits.length > 0 && (
              <section className="panel limits">
                <h2>What it cannot do</h2>
                <ul>
                  {card.limits.map((limit) => (
                    <li key={limit}>{limit}</li>
                  ))}
                </ul>
              </section>
            )}
            <HitRates rates={card.hitRates} />
            <Measures measures={card.measures} costBps={card.costBpsOneWay} />
            <Reliability cases="test cases" bins={card.reliability} />
            <Folds folds={card.folds} />
            <p>
              These are tests on past years. <Link to="/track-record">The track record</Link> shows how the
              calls of this service turned out.
            </p>
            {gate && (
              <section className="panel">
                <h2>Checks before it was used</h2>
                <p className="muted">
                  On {day(gate.at)}, {passedOf(gate.checks)}.
                  {gate.forcedReason && ` It was activated anyway. Reason: ${gate.forcedReason}`}
                </p>
                <ul className="checks">
                  {gate.checks.map((check) => (
                    <li key={check.name} className={check.passed ? 'check-passed' : 'check-failed'}>
                      <span aria-hidden="true">{check.passed ? '✓' : '✗'}</span>
                      <span>
                        <strong>{nameOfCheck(check.name)}:</strong>
                        <span className="visually-hidden">{check.passed ? ' passed. ' : ' failed. '}</span>{' '}
                        {check.detail}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

function passedOf(checks: { passed: boolean }[]): string {
  const passed = checks.filter((check) => check.passed).length;
  return passed === checks.length
    ? `all ${passed} checks passed`
    : `${passed} of ${checks.length} checks passed`;
}
