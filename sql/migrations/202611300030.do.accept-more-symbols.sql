ALTER TABLE instruments DROP CONSTRAINT instruments_symbol_check;
ALTER TABLE instruments ADD CONSTRAINT instruments_symbol_check CHECK (symbol ~ '^[A-Z0-9^][A-Z0-9.^=&-]{0,14}$');

-- BRK.B becomes BRK-B, except where that instrument exists already: then only it stays active.
UPDATE instruments i SET symbol = regexp_replace(symbol, '\.(?=.$)', '-')
WHERE symbol ~ '^[A-Z0-9]+\.[A-EG-KM-SUW-Z]$'
  AND NOT EXISTS (SELECT 1 FROM instruments o WHERE o.symbol = regexp_replace(i.symbol, '\.(?=.$)', '-'));
UPDATE instruments SET is_active = false WHERE symbol ~ '^[A-Z0-9]+\.[A-EG-KM-SUW-Z]$' AND is_active;
