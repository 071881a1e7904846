-- An unused database may become the sample's or that of real data. Its first start decides, and then it never changes.
ALTER TABLE data_origin ALTER COLUMN is_sample DROP NOT NULL;
COMMENT ON COLUMN data_origin.is_sample IS
  'Null until a start decides. Without a decision, a database with instruments holds real data';
UPDATE data_origin SET is_sample = NULL WHERE NOT EXISTS (SELECT FROM instruments);
