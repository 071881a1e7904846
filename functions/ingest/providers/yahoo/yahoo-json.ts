import { PartialAnswerError, SchemaDriftError } from '../errors.ts';

/** Where JSON expects a value: words for numbers that it has not, and that lenient writers put there. */
const NOT_A_NUMBER = /([[:,]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g;

/**
 * Parses Yahoo's JSON. A literal NaN or Infinity, which is not JSON, is read as null.
 *
 * @throws PartialAnswerError if the text ends before its object does
 * @throws SchemaDriftError if it is not JSON for another reason
 */
export function parseYahooJson(subject: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Mended only here, so that a sound answer keeps a name such as "[NaN]" as it is.
  }
  try {
    return JSON.parse(text.replace(NOT_A_NUMBER, '$1null'));
  } catch (cause) {
    if (isCutOff(text)) throw new PartialAnswerError(`${subject}: the answer is cut off`, { cause });
    throw new SchemaDriftError(`${subject}: unexpected answer: not JSON`, { cause });
  }
}

/** Whether a text is the beginning of an object and not the whole of it; nothing at all is no more than that. */
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
