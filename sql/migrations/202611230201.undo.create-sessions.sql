DROP TRIGGER users_deleted ON users;
DROP FUNCTION end_sessions_of_deleted_user();
DROP TABLE refresh_tokens;
DROP TABLE sessions;
