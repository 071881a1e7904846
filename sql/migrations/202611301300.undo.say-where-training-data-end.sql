ALTER TABLE model_versions DROP COLUMN data_to;
