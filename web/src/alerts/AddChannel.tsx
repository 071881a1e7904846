import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Form } from 'react-aria-components/Form';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import type { NewAlertChannel } from '../../api-types.d.ts';
import { useFormProblems } from '../account/form-problems.ts';
import { api } from '../api/client.ts';
import { fieldProblems } from '../api/problem.ts';
import { Choice, Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { CHANNEL_KINDS, type ChannelKind, initialConfig, KIND_WORDS, readConfig } from './channel-kinds.ts';
import { OutsideLink } from './OutsideLink.tsx';

/** A button with a dialog that adds a channel: a choice of its kind, and the form of that kind. */
export function AddChannel({
  email,
  offered,
  isPrimary,
  onAdded,
}: {
  /** The user's own address, with which the form for e-mail begins. */
  email: string;
  /** The kinds that this installation can send. */
  offered: readonly ChannelKind[];
  isPrimary: boolean;
  onAdded: (channel: NewAlertChannel) => Promise<unknown>;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className={`button${isPrimary ? ' button-primary' : ''}`}>Add a channel…</Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">Add a channel</Heading>
            <ChannelForm
              email={email}
              offered={offered}
              onAdded={async (channel) => {
                await onAdded(channel);
                setOpen(false);
              }}
              onCancel={() => setOpen(false)}
            />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function ChannelForm({
  email,
  offered,
  onAdded,
  onCancel,
}: {
  email: string;
  offered: readonly ChannelKind[];
  onAdded: (channel: NewAlertChannel) => Promise<unknown>;
  onCancel: () => void;
}) {
  const begin = (kind: ChannelKind) => ({
    ...initialConfig(kind),
    ...(kind === 'email' && { address: email }),
  });
  const first = CHANNEL_KINDS.find((known) => offered.includes(known)) ?? 'ntfy';
  const [kind, setKind] = useState<ChannelKind>(first);
  const [config, setConfig] = useState<Record<string, string>>(begin(first));
  const isOffered = offered.includes(kind);
  const add = useMutation({
    mutationFn: () =>
      api('POST /v1/me/alerts/channels', { body: { kind, config: readConfig(kind, config) } as never }),
    onSuccess: onAdded,
  });
  const { problems, hasOtherError, clearOnChange } = useFormProblems(add, configProblems);
  const words = KIND_WORDS[kind];
  return (
    <Form
      className="form"
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Choice
        label="Send messages by"
        options={CHANNEL_KINDS.map((value) => ({ value, label: KIND_WORDS[value].name }))}
        value={kind}
        onChange={(chosen) => {
          add.reset();
          setKind(chosen);
          setConfig(begin(chosen));
        }}
      />
      <p className="muted">
        {words.about}. {words.needs}
        {words.help && (
          <>
            {' '}
            <OutsideLink href={words.help.href}>{words.help.text}</OutsideLink>
          </>
        )}
      </p>
      {isOffered ? (
        words.fields.map(({ name, label, hint, type = 'text', isOptional = false }) => (
          <Field
            key={`${kind} ${name}`}
            name={name}
            label={label}
            type={type}
            isRequired={!isOptional}
            autoComplete="off"
            {...(hint && { hint })}
            value={config[name] ?? ''}
            onChange={clearOnChange((text) => setConfig({ ...config, [name]: text }))}
          />
        ))
      ) : (
        <Note kind="info" title="This service cannot send e-mail yet">
          <p>
            Its operator must set up a mail server first, as “Send messages to users” in docs/self-hosting.md
            describes.
          </p>
        </Note>
      )}
      {hasOtherError && <Failure error={add.error} />}
      <div className="dialog-actions">
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          className="button button-primary"
          isDisabled={!isOffered}
          isPending={add.isPending}
        >
          Add
        </Button>
      </div>
    </Form>
  );
}

/** The API names the fields of a channel `config/url`; those of the form have the last part alone. */
function configProblems(error: unknown): Record<string, string> {
  const entries = Object.entries(fieldProblems(error));
  return Object.fromEntries(entries.map(([name, message]) => [name.replace(/^config\//, ''), message]));
}
