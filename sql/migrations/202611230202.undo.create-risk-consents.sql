DROP TABLE risk_consents;
