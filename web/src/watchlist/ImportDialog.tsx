import { lazy, Suspense, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Loading } from '../ui/states.tsx';

// Few visits import a list, so its form is not in the first bundle.
const ImportForm = lazy(() => import('./ImportForm.tsx'));

/** A dialog in which the user follows a list of stocks. */
export function ImportDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className="button button-quiet">Import a list</Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">Follow a list of stocks</Heading>
            <Suspense fallback={<Loading what="the form" rows={3} />}>
              <ImportForm onClose={() => setOpen(false)} />
            </Suspense>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
