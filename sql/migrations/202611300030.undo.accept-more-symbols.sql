ALTER TABLE instruments DROP CONSTRAINT instruments_symbol_check;
-- Instruments that only the newer release accepts keep their rows.
ALTER TABLE instruments ADD CONSTRAINT instruments_symbol_check CHECK (symbol ~ '^[A-Z0-9^][A-Z0-9.^=-]{0,14}$') NOT VALID;
