DROP INDEX recommendations_record;
