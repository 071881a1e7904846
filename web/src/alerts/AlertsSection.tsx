import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Loaded } from '../ui/states.tsx';
import { Channels } from './Channels.tsx';
import { alertQueries } from './queries.ts';
import { Rules } from './Rules.tsx';
import { Times } from './Times.tsx';
import { Undelivered } from './Undelivered.tsx';
import './alerts.css';

/** The user's alerts: where messages go, what they are about, and when they are sent. */
export function AlertsSection({ email }: { email: string }) {
  const channels = useQuery(alertQueries.channels());
  const rules = useQuery(alertQueries.rules());
  const settings = useQuery(alertQueries.settings());
  return (
    <section className="panel" id="alerts">
      <h2>Alerts</h2>
      <p>
        Get a message when something changes about stocks that you follow. You choose the stocks with the star
        in <Link to="/recommendations">the list</Link>.
      </p>
      <h3>Where messages go</h3>
      <Loaded query={channels} what="your channels" rows={2}>
        {(overview) => <Channels overview={overview} email={email} />}
      </Loaded>
      {channels.data && channels.data.items.length > 0 && (
        <>
          <Undelivered />
          <h3>What to send</h3>
          <Loaded query={rules} what="your rules" rows={4}>
            {({ items }) => <Rules rules={items} channels={channels.data.items} />}
          </Loaded>
          <h3>When to send</h3>
          <Loaded query={settings} what="your times" rows={2}>
            {(times) => <Times settings={times} />}
          </Loaded>
        </>
      )}
    </section>
  );
}
