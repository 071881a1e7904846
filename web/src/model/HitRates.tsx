import type { ModelCard } from '../../api-types.d.ts';
import { LABELS } from '../api/profiles.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { share } from '../ui/format.ts';

/** How often each call comes true, compared with its base rate. */
export function HitRates({ rates }: { rates: ModelCard['hitRates'] }) {
  return (
    <section className="panel">
      <h2>How often do its calls come true?</h2>
      <p className="muted">
        The large figure shows how often a call came true when the model gave it the highest chance of the
        three. “Any stock” shows how often it comes true for a stock picked at random.
      </p>
      <ul className="hit-rates">
        {LABELS.map((label) => {
          const { hitRate, baseRate } = rates[label];
          return (
            <li key={label}>
              <CallBadge label={label} />
              {hitRate === null || baseRate === null ? (
                <p className="muted">Not measured</p>
              ) : (
                <>
                  <p className="hit-rate">{share(hitRate)}</p>
                  <p className="muted">any stock: {share(baseRate)}</p>
                  <span className="hit-track" aria-hidden="true">
                    <span
                      className={`hit-fill hit-${label.toLowerCase()}`}
                      style={{ width: `${hitRate * 100}%` }}
                    />
                    <span className="hit-base" style={{ left: `${baseRate * 100}%` }} />
                  </span>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
