REVOKE DELETE ON price_bars, features FROM boursomatic_pipeline;
DROP TABLE bar_revisions;
