import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import type { Me } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { count } from '../ui/format.ts';
import { Failure, Note } from '../ui/states.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { SetUpTwoStep } from './SetUpTwoStep.tsx';

/** With this number of recovery codes or fewer, the page warns. */
const FEW_CODES = 3;

/** Turns two-step sign-in on and off, and makes recovery codes. */
export function TwoStep({ me }: { me: Pick<Me, 'email' | 'hasSecondFactor' | 'recoveryCodesLeft'> }) {
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>();
  const [isJustOff, setJustOff] = useState(false);
  const start = useMutation({ mutationFn: () => api('POST /v1/me/second-factor', {}) });
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['me'] }),
      client.invalidateQueries({ queryKey: ['security-events'] }),
    ]);
  const show = async (newCodes: readonly string[]) => {
    start.reset();
    setJustOff(false);
    setCodes(newCodes);
    await refresh();
  };
  if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />;
  if (me.hasSecondFactor) {
    return (
      <>
        <p>
          Two-step sign-in is <strong>on</strong>. To sign in, you need your password and a code from your
          authenticator app.
        </p>
        <CodesLeft left={me.recoveryCodesLeft ?? 0} />
        <div className="row-actions">
          <Confirm
            trigger="Make new recovery codes…"
            title="Make new recovery codes?"
            action="Make new codes"
            isDanger={false}
            onConfirm={async () => {
              const { recoveryCodes } = await api('POST /v1/me/second-factor/recovery-codes', {});
              await show(recoveryCodes);
            }}
          >
            <p>Your old recovery codes stop working.</p>
          </Confirm>
          <Confirm
            trigger="Turn off…"
            title="Turn off two-step sign-in?"
            action="Turn off"
            onConfirm={async () => {
              await api('DELETE /v1/me/second-factor', {});
              setJustOff(true);
              await refresh();
            }}
          >
            <p>Your password alone will then be enough to sign in. Your recovery codes stop working.</p>
          </Confirm>
        </div>
      </>
    );
  }
  if (start.data) {
    return (
      <SetUpTwoStep
        email={me.email}
        factor={start.data}
        onActivated={({ recoveryCodes }) => show(recoveryCodes)}
        onCancel={start.reset}
      />
    );
  }
  return (
    <>
      <p>
        With two-step sign-in, a stolen password is not enough to open your account. You also enter a code
        from an app on your phone.
      </p>
      {isJustOff && <Note kind="success">Two-step sign-in is off.</Note>}
      {start.isError && <Failure error={start.error} />}
      <div>
        <Button className="button" isPending={start.isPending} onPress={() => start.mutate()}>
          Turn on two-step sign-in
        </Button>
      </div>
    </>
  );
}

function CodesLeft({ left }: { left: number }) {
  if (left > FEW_CODES) return <p>You have {left} of 10 recovery codes left, in case you lose your phone.</p>;
  return (
    <Note
      kind="warning"
      title={
        left === 0 ? 'You have no recovery codes left' : `You have only ${count(left, 'recovery code')} left`
      }
    >
      <p>Without one, you cannot sign in if you lose your phone. Make new codes.</p>
    </Note>
  );
}
