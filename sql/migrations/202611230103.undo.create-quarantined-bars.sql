DROP TABLE quarantined_bars;
