ALTER TABLE instruments DROP COLUMN purpose;
