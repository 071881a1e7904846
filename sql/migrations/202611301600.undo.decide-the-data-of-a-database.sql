COMMENT ON COLUMN data_origin.is_sample IS NULL;
UPDATE data_origin SET is_sample = current_database() = 'boursomatic_sample' WHERE is_sample IS NULL;
ALTER TABLE data_origin ALTER COLUMN is_sample SET NOT NULL;
