ALTER TABLE model_versions ADD COLUMN data_to date;
COMMENT ON COLUMN model_versions.data_to IS 'Last day of the training data; null if its release does not name it';
