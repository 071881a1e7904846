import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { CredentialsForm } from '../account/CredentialsForm.tsx';
import { session } from '../api/client.ts';
import { queries } from '../api/queries.ts';

/**
 * A dialog that replaces the view when the session ends. The view loads again after the same user signs in, and pending
 * requests continue.
 */
export default function SignInAgain() {
  const email = useQueryClient().getQueryData(queries.me().queryKey)?.email;
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">Sign in again</Heading>
          <title>Sign in again · Boursomatic</title>
          <p>
            Your session has ended, so this page was cleared to protect your data. Sign in to open it again.
          </p>
          <CredentialsForm fixedEmail={email} submit="Sign in and continue" />
          <Button className="button button-quiet" onPress={() => session.leave('/sign-in')}>
            Sign out instead
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
