import { PartialAnswerError, SchemaDriftError } from '../errors.ts';

/** NaN and Infinity in the place of a value, where lenient writers put them. */
const NOT_A_NUMBER = /([[:,]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g;

/**
 * Parses Yahoo's JSON. It reads a literal NaN or Infinity, which is not JSON, as null.
 *
 * @throws PartialAnswerError if the text ends before its object does
 * @throws SchemaDriftError if it is not JSON for another reason
 */
export function parseYahooJson(subject: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Replaced only on failure, so that a valid answer keeps a name such as "[NaN]".
  }
  try {
    return JSON.parse(text.replace(NOT_A_NUMBER, '$1null'));
  } catch (cause) {
    if (isCutOff(text)) throw new PartialAnswerError(`${subject}: the answer is cut off`, { cause });
    throw new SchemaDriftError(`${subject}: unexpected answer: not JSON`, { cause });
  }
}

/** Whether a text is empty, or only the beginning of an object. */
function isCutOff(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '') return true;
  if (!trimmed.startsWith('{')) return false;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < trimmed.length; i++) {
    const letter = trimmed[i];
    if (quoted && letter === '\\') i++;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === '{' || letter === '[')) depth++;
    else if (!quoted && (letter === '}' || letter === ']')) depth--;
  }
  return quoted || depth > 0;
}
