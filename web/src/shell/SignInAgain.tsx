import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { CredentialsForm } from '../account/CredentialsForm.tsx';
import { session } from '../api/client.ts';
import { queries } from '../api/queries.ts';

/**
 * The session ended in the middle of work. The view stays behind this, with all that was typed into it, and what was
 * under way goes on once the same person has signed in again.
 */
export function SignInAgain() {
  const email = useQueryClient().getQueryData(queries.me().queryKey)?.email;
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">Sign in again</Heading>
          <p>
            Your session has ended. Sign in, and you go on where you were; nothing that you typed is lost.
          </p>
          <CredentialsForm fixedEmail={email} submit="Sign in and go on" />
          <Button className="button button-quiet" onPress={() => session.leave('/sign-in')}>
            Sign out instead
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
