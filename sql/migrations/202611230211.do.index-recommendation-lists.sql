-- A list is read a page at a time, each page from where the last one ended. So that the end of a page is one
-- place in the index, the index ends with the id, and all of its columns after the profile and the label run the
-- same way: a page is then one range of it, in either direction, without a sort.
DROP INDEX recommendations_list;
DROP INDEX recommendations_list_all;
CREATE INDEX recommendations_list
  ON recommendations (profile, label, confidence DESC, generated_at DESC, id DESC) WHERE is_active;
CREATE INDEX recommendations_list_all
  ON recommendations (profile, confidence DESC, generated_at DESC, id DESC) WHERE is_active;
CREATE INDEX recommendations_list_return
  ON recommendations (profile, expected_return_pct DESC, id DESC) WHERE is_active;
CREATE INDEX recommendations_list_generated
  ON recommendations (profile, generated_at DESC, id DESC) WHERE is_active;
-- Counting a profile's fresh and stale ones reads this alone.
CREATE INDEX recommendations_freshness ON recommendations (profile, as_of, instrument_id) WHERE is_active;
-- The newest day there is, and all recommendations of a day.
CREATE INDEX recommendations_as_of ON recommendations (as_of);
