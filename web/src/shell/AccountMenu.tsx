import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useNavigate } from 'react-router';
import { api, session } from '../api/client.ts';
import { explain } from '../api/problem.ts';
import { Icon } from '../ui/Icon.tsx';

/** The account menu: the user's address, the settings and signing out. */
export default function AccountMenu({ email }: { email: string | undefined }) {
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => api('POST /v1/auth/logout', { body: {} }),
    onSuccess: () => session.leave('/sign-in'),
  });
  return (
    <div className="account-menu">
      <MenuTrigger>
        <Button className="icon-button" aria-label="Account">
          <Icon name="user" />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="listbox" aria-label="Account">
            <MenuSection>
              <Header className="menu-header">{email ?? 'Signed in'}</Header>
              <MenuItem className="option" onAction={() => navigate('/settings')}>
                Settings
              </MenuItem>
              <MenuItem className="option" onAction={() => signOut.mutate()}>
                Sign out
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      {signOut.isError && (
        <p className="menu-error" role="alert">
          Signing out failed. {explain(signOut.error).advice}
        </p>
      )}
    </div>
  );
}
