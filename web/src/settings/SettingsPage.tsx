import { useQuery } from '@tanstack/react-query';
import { AlertsSection } from '../alerts/AlertsSection.tsx';
import { queries } from '../api/queries.ts';
import { moment } from '../ui/format.ts';
import { Loaded } from '../ui/states.tsx';
import { ApiKeys } from './ApiKeys.tsx';
import { Appearance } from './Appearance.tsx';
import { ConsentSetting } from './ConsentSetting.tsx';
import { Password } from './Password.tsx';
import { PreferredProfile } from './PreferredProfile.tsx';
import { Security } from './Security.tsx';
import { Sessions } from './Sessions.tsx';
import { YourData } from './YourData.tsx';
import './settings.css';

const SECTIONS = [
  ['profile', 'Risk profile'],
  ['alerts', 'Alerts'],
  ['appearance', 'Appearance'],
  ['consent', 'Risk notice'],
  ['password', 'Password'],
  ['security', 'Security'],
  ['sessions', 'Sessions'],
  ['api-keys', 'API keys'],
  ['data', 'Your data'],
] as const;

/** The user's settings, sessions and stored data. */
export function Component() {
  const me = useQuery(queries.me());
  return (
    <>
      <title>Settings · Boursomatic</title>
      <div className="page-head">
        <h1>Settings</h1>
        {me.data && (
          <p className="freshness">
            <span>{me.data.email}</span>
            <span>Registered {moment(me.data.createdAt)}</span>
          </p>
        )}
      </div>
      <div className="settings">
        <nav className="settings-nav" aria-label="Settings">
          {SECTIONS.map(([id, name]) => (
            <a key={id} href={`#${id}`}>
              {name}
            </a>
          ))}
        </nav>
        <div className="settings-sections">
          <Loaded query={me} what="your settings">
            {(user) => (
              <>
                <PreferredProfile preferred={user.preferredProfile} />
                <AlertsSection email={user.email} />
                <Appearance />
                <ConsentSetting hasConsented={user.hasConsented} />
                <Password email={user.email} hasSecondFactor={user.hasSecondFactor} />
                <Security me={user} />
                <Sessions />
                <ApiKeys />
                <YourData email={user.email} />
              </>
            )}
          </Loaded>
        </div>
      </div>
    </>
  );
}
