CREATE TABLE security_events (
  id              uuid PRIMARY KEY DEFAULT uuidv7(),
  occurred_at     timestamptz(3) NOT NULL,
  type            text NOT NULL CHECK (type ~ '^[a-z]+(-[a-z]+)*$'),
  user_id         uuid REFERENCES users (id),
  actor_id        uuid REFERENCES users (id),
  network_address inet,
  user_agent      text CHECK (length(user_agent) <= 200),
  request_id      text,
  detail          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
  CONSTRAINT security_events_actor_is_another CHECK (actor_id <> user_id)
);
COMMENT ON TABLE security_events IS 'Logins, refusals and changes of accounts and rights: who, what, and from where';
COMMENT ON COLUMN security_events.occurred_at IS 'To the millisecond, as the API returns it: a user has seen the events up to a time';
COMMENT ON COLUMN security_events.user_id IS 'The user whose account was used or changed; null if the e-mail address has no account';
COMMENT ON COLUMN security_events.actor_id IS 'The administrator who changed another user';
COMMENT ON COLUMN security_events.network_address IS 'The address of the request; for IPv6 its /64 network';

-- Each list is read newest first, a page at a time.
CREATE INDEX security_events_occurred_at ON security_events (occurred_at DESC, id DESC);
CREATE INDEX security_events_type ON security_events (type, occurred_at DESC, id DESC);
-- Also finds the earlier logins of a user, and the events that count towards the hourly limit.
CREATE INDEX security_events_user_id ON security_events (user_id, occurred_at DESC, id DESC);
CREATE INDEX security_events_actor_id ON security_events (actor_id, occurred_at DESC, id DESC)
  WHERE actor_id IS NOT NULL;

-- No role may change or delete an event.
GRANT SELECT, INSERT ON security_events TO boursomatic_api;
