DROP TRIGGER publications_prompt ON publications;
DROP FUNCTION check_publication_is_prompt();
