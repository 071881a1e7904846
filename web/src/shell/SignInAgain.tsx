import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { CredentialsForm } from '../account/CredentialsForm.tsx';
import { session } from '../api/client.ts';
import { queries } from '../api/queries.ts';

/**
 * A dialog for when the session ends while a view is open. The view and its unsaved input stay, and pending requests
 * continue after the same user signs in again.
 */
export function SignInAgain() {
  const email = useQueryClient().getQueryData(queries.me().queryKey)?.email;
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">Sign in again</Heading>
          <p>Your session has ended. Sign in to continue where you left off. Nothing you typed is lost.</p>
          <CredentialsForm fixedEmail={email} submit="Sign in and continue" />
          <Button className="button button-quiet" onPress={() => session.leave('/sign-in')}>
            Sign out instead
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
