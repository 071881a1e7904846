CREATE TABLE corporate_actions (
  instrument_id uuid NOT NULL REFERENCES instruments (id),
  ex_date       date NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('split', 'dividend')),
  value         double precision NOT NULL CHECK (value > 0 AND value < 'Infinity'),
  source        text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instrument_id, ex_date, kind)
);
COMMENT ON TABLE corporate_actions IS 'What the daily bars of price_bars are adjusted for';
COMMENT ON COLUMN corporate_actions.ex_date IS 'The first trading day without the dividend, or with the new shares';
COMMENT ON COLUMN corporate_actions.value IS 'New shares for each old one, or cash a share';
COMMENT ON COLUMN corporate_actions.first_seen_at IS 'When the source was asked that first told of it';
CREATE TRIGGER corporate_actions_updated_at BEFORE UPDATE ON corporate_actions
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

GRANT SELECT, INSERT, UPDATE ON corporate_actions TO boursomatic_pipeline;
GRANT SELECT ON corporate_actions TO boursomatic_api, boursomatic_training;
