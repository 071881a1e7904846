DROP TABLE track_record_universes;
