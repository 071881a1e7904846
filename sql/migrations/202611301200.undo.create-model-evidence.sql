DROP TABLE model_evidence;
