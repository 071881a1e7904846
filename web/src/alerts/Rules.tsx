import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertChannel, AlertRule } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Switch } from '../ui/Switch.tsx';
import { Failure } from '../ui/states.tsx';
import { EditRule } from './EditRule.tsx';
import { alertQueries } from './queries.ts';
import { describeRule, PROPOSED, RULE_KINDS, RULE_WORDS, type RuleKind } from './rule-words.ts';

/** One switch for each kind of rule. A rule that exists also has its details. */
export function Rules({
  rules,
  channels,
}: {
  rules: readonly AlertRule[];
  channels: readonly AlertChannel[];
}) {
  return (
    <ul className="rows" aria-label="What to send">
      {RULE_KINDS.flatMap((kind) => {
        const own = rules.filter((rule) => rule.kind === kind);
        if (own.length === 0) return [<NoRule key={kind} kind={kind} />];
        return own.map((rule) => (
          <Rule key={rule.id} rule={rule} channels={channels} isOnly={own.length === 1} />
        ));
      })}
    </ul>
  );
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: alertQueries.rules().queryKey });
}

/** A kind of rule that the user does not have. The switch makes it. */
function NoRule({ kind }: { kind: RuleKind }) {
  const make = useMutation({
    mutationFn: () => api('POST /v1/me/alerts/rules', { body: { kind, ...PROPOSED[kind] } }),
    onSuccess: useRefresh(),
  });
  return (
    <li>
      <RuleSwitch
        rule={{ kind, scope: PROPOSED[kind].scope }}
        isOn={make.isPending}
        onChange={() => make.mutate()}
      />
      {make.isError && <Failure error={make.error} />}
    </li>
  );
}

function Rule({
  rule,
  channels,
  isOnly,
}: {
  rule: AlertRule;
  channels: readonly AlertChannel[];
  /** Of several rules of one kind, made by a program, the page also offers to delete one. */
  isOnly: boolean;
}) {
  const refresh = useRefresh();
  const path = { id: rule.id };
  const turn = useMutation({
    mutationFn: (isOn: boolean) => api('PATCH /v1/me/alerts/rules/{id}', { path, body: { isOn } }),
    onSuccess: refresh,
  });
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  const details = describeRule(rule, names);
  return (
    <li>
      <RuleSwitch
        rule={rule}
        isOn={turn.isPending ? turn.variables : rule.isOn}
        details={details}
        onChange={(isOn) => turn.mutate(isOn)}
      />
      <div className="row-actions">
        <EditRule rule={rule} channels={channels} onSaved={refresh} />
        {!isOnly && (
          <Confirm
            isQuiet
            trigger={
              <>
                Delete<span className="visually-hidden"> the rule “{details}”</span>
              </>
            }
            title="Delete this rule?"
            action="Delete"
            onConfirm={async () => {
              await api('DELETE /v1/me/alerts/rules/{id}', { path });
              await refresh();
            }}
          >
            <p>{details}</p>
          </Confirm>
        )}
      </div>
      {turn.isError && <Failure error={turn.error} />}
    </li>
  );
}

function RuleSwitch({
  rule: { kind, scope },
  isOn,
  details,
  onChange,
}: {
  rule: Pick<AlertRule, 'kind' | 'scope'>;
  isOn: boolean;
  details?: string;
  onChange: (isOn: boolean) => void;
}) {
  const words = RULE_WORDS[kind];
  return (
    <Switch isOn={isOn} onChange={onChange}>
      <span className="rule-words">
        <span className="strong">{words[scope]}</span>
        <span className="muted">{words.about}</span>
        {details && <span className="muted">{details}</span>}
      </span>
    </Switch>
  );
}
