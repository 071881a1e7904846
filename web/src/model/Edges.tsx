import type { ModelEdge } from '../../api-types.d.ts';
import { PROFILE_WORDS } from '../api/profiles.ts';
import { EDGE_TITLES } from './explanations.ts';

/** Whether each profile's share of stocks gained more than the average stock after costs. */
export function Edges({ edges }: { edges: ModelEdge[] }) {
  return (
    <section className="panel edges">
      <h2>Has it an edge after costs?</h2>
      <p className="muted">
        Each profile takes its BUYs from the model’s best stocks of a day. An edge is shown only if these
        stocks gained more than the average stock, after costs and beyond chance, on days that the model had
        not seen in training.
      </p>
      <dl>
        {edges.map(({ profile, status, words }) => (
          <div key={profile}>
            <dt>
              {PROFILE_WORDS[profile].name}: {EDGE_TITLES[status].toLowerCase()}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
