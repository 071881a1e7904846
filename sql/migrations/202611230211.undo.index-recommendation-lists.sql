DROP INDEX recommendations_as_of;
DROP INDEX recommendations_freshness;
DROP INDEX recommendations_list_generated;
DROP INDEX recommendations_list_return;
DROP INDEX recommendations_list_all;
DROP INDEX recommendations_list;
CREATE INDEX recommendations_list ON recommendations (profile, label, confidence DESC, generated_at DESC) WHERE is_active;
CREATE INDEX recommendations_list_all ON recommendations (profile, confidence DESC, generated_at DESC) WHERE is_active;
