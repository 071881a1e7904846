-- Users hear of changes on channels of their own. Publish writes the messages in its own transaction (docs/adr/0061).

CREATE TABLE alert_settings (
  user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  time_zone  text NOT NULL DEFAULT 'UTC',
  quiet_from time(0),
  quiet_to   time(0),
  tests_on   date,
  tests      integer NOT NULL DEFAULT 0,
  CONSTRAINT alert_settings_quiet_hours CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to)
);
COMMENT ON TABLE alert_settings IS 'When each user may be disturbed; no row means at any time';
COMMENT ON COLUMN alert_settings.time_zone IS 'IANA time zone of the quiet hours and of digests';
COMMENT ON COLUMN alert_settings.quiet_from IS 'Local time at which quiet hours begin; they end before quiet_to, on the next day if it is earlier';
COMMENT ON COLUMN alert_settings.tests_on IS 'The UTC day to which tests refers';
COMMENT ON COLUMN alert_settings.tests IS 'Test messages of that day, also of removed channels';

CREATE TABLE alert_channels (
  id                      uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id                 uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind                    text NOT NULL CHECK (kind ~ '^[a-z]+$'),
  name                    text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  encrypted_config        text NOT NULL,
  unsubscribe_hash        bytea NOT NULL UNIQUE CHECK (length(unsubscribe_hash) = 32),
  created_at              timestamptz NOT NULL DEFAULT now(),
  verified_at             timestamptz,
  address_hash            bytea CHECK (length(address_hash) = 32),
  confirmation_code       text CHECK (confirmation_code ~ '^[0-9]{8}$'),
  confirmation_expires_at timestamptz,
  confirmation_attempts   integer NOT NULL DEFAULT 0,
  failing_since           timestamptz,
  disabled_at             timestamptz,
  disabled_reason         text,
  CHECK ((confirmation_code IS NULL) = (confirmation_expires_at IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);
COMMENT ON TABLE alert_channels IS 'Where users receive messages';
COMMENT ON COLUMN alert_channels.encrypted_config IS 'Address, secrets and unsubscribe token, encrypted for the user';
COMMENT ON COLUMN alert_channels.unsubscribe_hash IS 'SHA-256 of the unsubscribe token, which has 256 random bits';
COMMENT ON COLUMN alert_channels.verified_at IS 'When a test message arrived or an address was confirmed; until then only test messages are sent';
COMMENT ON COLUMN alert_channels.address_hash IS 'SHA-256 of an e-mail address in lower case; null for other kinds';
COMMENT ON COLUMN alert_channels.failing_since IS 'When the first of the attempts failed that have failed since the last success';
CREATE INDEX alert_channels_user_id ON alert_channels (user_id);

CREATE TABLE alert_confirmations (
  address_hash bytea PRIMARY KEY CHECK (length(address_hash) = 32),
  sent_on      date NOT NULL,
  sent         integer NOT NULL
);
COMMENT ON TABLE alert_confirmations IS 'How many messages with a code each unconfirmed address gets in a day, from all accounts';

CREATE TABLE alert_rules (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind          text NOT NULL CHECK (kind IN ('label', 'calls', 'levels', 'digest')),
  scope         text NOT NULL CHECK (scope IN ('followed', 'all')),
  profile       text CHECK (profile IN ('conservative', 'moderate', 'aggressive')),
  every_channel boolean NOT NULL DEFAULT true,
  is_on         boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now(),
  frequency     text CHECK (frequency IN ('daily', 'weekly')),
  local_time    time(0),
  weekday       integer CHECK (weekday BETWEEN 1 AND 7),
  digested_at   timestamptz,
  digested_to   bigint,
  CONSTRAINT alert_rules_digest CHECK (
    (kind = 'digest') = (frequency IS NOT NULL) AND (kind = 'digest') = (local_time IS NOT NULL)
    AND (kind = 'digest') = (digested_at IS NOT NULL) AND (kind = 'digest') = (digested_to IS NOT NULL)
    AND (frequency IS NOT DISTINCT FROM 'weekly') = (weekday IS NOT NULL))
);
COMMENT ON TABLE alert_rules IS 'Which changes each user receives';
COMMENT ON COLUMN alert_rules.kind IS 'label: another label, a first call, or a call withheld or back; calls: a new BUY or SELL; levels: stop or target reached; digest: all of these, at a local time';
COMMENT ON COLUMN alert_rules.profile IS 'Null for the profile that the user prefers';
COMMENT ON COLUMN alert_rules.every_channel IS 'Otherwise only the channels in alert_rule_channels';
COMMENT ON COLUMN alert_rules.weekday IS 'ISO 8601: 1 is Monday';
COMMENT ON COLUMN alert_rules.digested_at IS 'The due time of the last digest, or when the rule was made';
COMMENT ON COLUMN alert_rules.digested_to IS 'The last change that a digest has considered';
CREATE INDEX alert_rules_user_id ON alert_rules (user_id);

CREATE TABLE alert_rule_channels (
  rule_id    uuid REFERENCES alert_rules (id) ON DELETE CASCADE,
  channel_id uuid REFERENCES alert_channels (id) ON DELETE CASCADE,
  PRIMARY KEY (rule_id, channel_id)
);
COMMENT ON TABLE alert_rule_channels IS 'The channels of rules that use only some';
CREATE INDEX alert_rule_channels_channel_id ON alert_rule_channels (channel_id);

CREATE TABLE alert_messages (
  id               uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id          uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  channel_id       uuid NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
  dedupe_key       text NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('changes', 'digest', 'test')),
  profile          text NOT NULL CHECK (profile IN ('conservative', 'moderate', 'aggressive')),
  change_ids       bigint[] NOT NULL DEFAULT '{}',
  facts            jsonb,
  state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead', 'dropped')),
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL DEFAULT now() + interval '2 days',
  next_attempt_at  timestamptz NOT NULL DEFAULT now(),
  attempts         integer NOT NULL DEFAULT 0,
  first_attempt_at timestamptz,
  ended_at         timestamptz,
  reason           text,
  UNIQUE (channel_id, dedupe_key),
  CHECK ((state = 'pending') = (ended_at IS NULL))
);
COMMENT ON TABLE alert_messages IS 'The outbox: each row is one message to one channel, and its id is the idempotency key';
COMMENT ON COLUMN alert_messages.facts IS 'What the message says, without the unsubscribe token; stored at the first attempt, so that every attempt sends the same';
COMMENT ON COLUMN alert_messages.state IS 'dead: could not be delivered; dropped: no longer wanted';
COMMENT ON COLUMN alert_messages.next_attempt_at IS 'Also the end of the lease of the process that sends it';
COMMENT ON COLUMN alert_messages.attempts IS 'Since the user last asked for a retry';
COMMENT ON COLUMN alert_messages.reason IS 'Why the last attempt failed, or why the message ended';
CREATE INDEX alert_messages_due ON alert_messages (next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX alert_messages_user_id ON alert_messages (user_id, id DESC);
CREATE INDEX alert_messages_dead ON alert_messages (id DESC) WHERE state = 'dead';

CREATE VIEW alert_matches AS
SELECT r.id AS rule_id, r.user_id, r.kind AS rule_kind, c.id AS change_id, c.profile
FROM alert_rules r
JOIN users u ON u.id = r.user_id AND NOT u.is_deleted
LEFT JOIN user_settings s ON s.user_id = r.user_id
JOIN call_changes c ON c.profile = coalesce(r.profile, s.preferred_profile, 'conservative')
WHERE r.is_on
  AND CASE r.kind
    WHEN 'label' THEN c.kind IN ('label', 'withheld', 'new', 'back')
    WHEN 'calls' THEN c.kind IN ('label', 'new', 'back') AND c.to_label IN ('BUY', 'SELL')
    WHEN 'levels' THEN c.kind IN ('stop', 'target')
    ELSE true
  END
  AND (r.scope = 'all' OR EXISTS (
    SELECT FROM watchlist_entries w WHERE w.user_id = r.user_id AND w.instrument_id = c.instrument_id));
COMMENT ON VIEW alert_matches IS 'Which rule wants which change, as rules and watchlists are now';

-- Runs as its owner, so that the pipeline reads nothing about users.
CREATE FUNCTION enqueue_alerts(first bigint, last bigint) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH wanted AS (
    SELECT m.user_id, h.id AS channel_id, m.profile, array_agg(DISTINCT m.change_id ORDER BY m.change_id) AS change_ids
    FROM alert_matches m
    JOIN alert_rules r ON r.id = m.rule_id
    JOIN alert_channels h ON h.user_id = m.user_id AND h.verified_at IS NOT NULL AND h.disabled_at IS NULL
      AND (r.every_channel OR EXISTS (
        SELECT FROM alert_rule_channels o WHERE o.rule_id = m.rule_id AND o.channel_id = h.id))
    WHERE m.change_id BETWEEN first AND last AND m.rule_kind <> 'digest'
    GROUP BY m.user_id, h.id, m.profile
  ), written AS (
    INSERT INTO alert_messages (user_id, channel_id, dedupe_key, kind, profile, change_ids)
    SELECT user_id, channel_id, format('changes:%s:%s', change_ids[cardinality(change_ids)], profile), 'changes', profile,
      change_ids
    FROM wanted
    ON CONFLICT (channel_id, dedupe_key) DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::integer FROM written
$$;
COMMENT ON FUNCTION enqueue_alerts(bigint, bigint) IS
  'Writes one message per channel and profile about the changes from first to last; returns the number of messages';
REVOKE ALL ON FUNCTION enqueue_alerts(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_alerts(bigint, bigint) TO boursomatic_pipeline;

GRANT SELECT ON alert_matches TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE ON alert_settings TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_confirmations TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_channels, alert_rules TO boursomatic_api;
GRANT SELECT, INSERT, DELETE ON alert_rule_channels TO boursomatic_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON alert_messages TO boursomatic_api;

-- Channels take their rules' rows and messages along.
CREATE FUNCTION erase_alerts_of_erased_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM alert_channels WHERE user_id = NEW.id;
  DELETE FROM alert_rules WHERE user_id = NEW.id;
  DELETE FROM alert_settings WHERE user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER users_erased_erase_alerts AFTER UPDATE OF is_erased ON users
  FOR EACH ROW WHEN (NEW.is_erased AND NOT OLD.is_erased) EXECUTE FUNCTION erase_alerts_of_erased_user();
