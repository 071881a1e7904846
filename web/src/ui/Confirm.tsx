import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Form } from 'react-aria-components/Form';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Failure } from './states.tsx';

/** A button with a confirmation dialog. If the action fails, the dialog stays open with its input. */
export function Confirm({
  trigger,
  title,
  action,
  isDanger = true,
  isQuiet = false,
  onOpen,
  onConfirm,
  children,
}: {
  trigger: ReactNode;
  title: string;
  action: string;
  isDanger?: boolean;
  isQuiet?: boolean;
  /** Called before the dialog opens, for example to forget what was typed earlier. */
  onOpen?: () => void;
  onConfirm: () => Promise<unknown>;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const confirm = async () => {
    setPending(true);
    setError(undefined);
    try {
      await onConfirm();
      setOpen(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setPending(false);
    }
  };
  const toggle = (open: boolean) => {
    setOpen(open);
    if (!open) return;
    setError(undefined);
    onOpen?.();
  };
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={toggle}>
      <Button className={`button${isDanger ? ' button-danger' : ''}${isQuiet ? ' button-small' : ''}`}>
        {trigger}
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog" role="alertdialog">
            <Heading slot="title">{title}</Heading>
            <Form
              className="form"
              onSubmit={(event) => {
                event.preventDefault();
                void confirm();
              }}
            >
              {children}
              {error !== undefined && <Failure error={error} />}
              <div className="dialog-actions">
                <Button className="button" onPress={() => setOpen(false)}>
                  Cancel
                </Button>
                <Button
                  type="submit"
                  className={`button ${isDanger ? 'button-danger-solid' : 'button-primary'}`}
                  isPending={isPending}
                >
                  {action}
                </Button>
              </div>
            </Form>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
