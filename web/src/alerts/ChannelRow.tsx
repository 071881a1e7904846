import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import type { AlertChannel, AlertMessage } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { describeState, describeTest } from './channel-words.ts';
import { EnterCode } from './EnterCode.tsx';

type Action = 'test' | 'on' | 'off';

/** One channel: its state in words, and buttons that test it, switch it on or off, and delete it. */
export function ChannelRow({ channel, tests }: { channel: AlertChannel; tests: readonly AlertMessage[] }) {
  const client = useQueryClient();
  const path = { id: channel.id };
  const refresh = () => client.invalidateQueries({ queryKey: ['alerts'] });
  const act = useMutation({
    mutationFn: (action: Action): Promise<unknown> =>
      action === 'test'
        ? api('POST /v1/me/alerts/channels/{id}/test', { path })
        : api('PATCH /v1/me/alerts/channels/{id}', { path, body: { isOn: action === 'on' } }),
    onSettled: refresh,
  });
  const { mark, words } = describeState(channel);
  const test = describeTest(channel, tests, Date.now());
  const isOff = channel.state === 'disabled';
  const needsCode = channel.kind === 'email' && channel.state === 'unverified';
  const button = (action: Action, label: string) => (
    <Button
      className="button button-small"
      isPending={act.isPending && act.variables === action}
      onPress={() => act.mutate(action)}
    >
      {label}
      <span className="visually-hidden">: {channel.name}</span>
    </Button>
  );
  return (
    <li>
      <div>
        <p className="strong break">
          {channel.name}
          {mark && <span className={`tag${mark === 'failing' ? ' tag-warning' : ''}`}>{mark}</span>}
        </p>
        <p className="muted break">
          {channel.target ?? 'The address can no longer be read. Delete the channel and add it again.'}
        </p>
        <p className="muted break">{words}</p>
      </div>
      <div className="row-actions">
        {!isOff && button('test', needsCode ? 'Send the code again' : 'Send a test')}
        {isOff ? button('on', 'Turn on') : button('off', 'Turn off')}
        <Confirm
          isQuiet
          trigger={
            <>
              Delete<span className="visually-hidden">: {channel.name}</span>
            </>
          }
          title="Delete this channel?"
          action="Delete"
          onConfirm={async () => {
            await api('DELETE /v1/me/alerts/channels/{id}', { path });
            await refresh();
          }}
        >
          <p className="break">
            “{channel.name}” gets no more messages, and messages that wait for it are not sent. You cannot
            undo this.
          </p>
        </Confirm>
      </div>
      <div className="row-details">
        {test && (
          <Note kind={test.kind}>
            <p className="break">{test.words}</p>
          </Note>
        )}
        {act.isError && <Failure error={act.error} />}
        {needsCode && <EnterCode channel={channel} onConfirmed={refresh} />}
      </div>
    </li>
  );
}
