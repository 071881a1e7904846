import { readFileSync } from 'node:fs';
import { type MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** The lowest score, from 0 to 4, of an acceptable password: guessing it takes at least ten billion attempts. */
const LEAST_SCORE = 4;

/** Only the beginning of a long password is judged, so that a check takes less than a tenth of a second. */
const JUDGED_CHARACTERS = 40;

/** The judge alone accepts half of these, because they follow no rule that it knows. */
const COMMON_PASSWORDS = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** Words of this service, which a guesser tries first. */
const SERVICE_WORDS = words(`
  boursomatic bourse boursier boerse börse aktie aktien action actions stock stocks stockmarket market markets share shares
  trading trader trade invest investor investing investment finance finanzen money geld argent broker depot portfolio
  dividend dividende nasdaq dax cac sp500 wallstreet bull bear buy hold sell kaufen acheter recommendation`);

/** Months and seasons that the library's list of common passwords lacks because of their accents. */
const CALENDAR_WORDS = words('frühling frühjahr märz jänner été février août décembre');

const LISTS = { ...dictionary, service: SERVICE_WORDS, calendar: CALENDAR_WORDS };

const judge = new ZxcvbnFactory({ dictionary: LISTS, graphs: adjacencyGraphs, maxLength: JUDGED_CHARACTERS });

const ADVICE = 'Choose a longer one: four or more unrelated words, or let a password manager generate it';

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/**
 * Why a password is easy to guess, as the end of a sentence that begins with its name; undefined if it is not. Easy are
 * common passwords and words, words of the service and parts of the e-mail address, also with digits in place of letters,
 * and names, years, dates, sequences and repetitions.
 *
 * @param email - the e-mail address of the user
 */
export function weaknessOf(password: string, email: string): string | undefined {
  if (COMMON_PASSWORDS.has(password.toLowerCase()))
    return `is easy to guess, because it is one of the most common passwords. ${ADVICE}`;
  const { score, sequence } = judge.check(password, partsOf(email));
  if (score >= LEAST_SCORE) return undefined;
  const parts = new Set(sequence.map(describe).filter((part) => part !== undefined));
  return `is easy to guess, because it is built from ${LIST.format(parts)}. ${ADVICE}`;
}

/** The part of a password that the judge has recognised. */
function describe({ pattern, dictionaryName }: MatchExtended): string | undefined {
  switch (pattern) {
    case 'dictionary':
      if (dictionaryName === 'userInputs') return 'your e-mail address';
      if (dictionaryName === 'service') return 'a word of this service';
      return 'a common word or password';
    case 'spatial':
      return 'neighbouring keys';
    case 'sequence':
      return 'a sequence such as abc or 123';
    case 'repeat':
      return 'a repetition';
    case 'regex':
    case 'date':
      return 'a date';
    case 'separator':
      return undefined;
    default:
      return 'a few characters';
  }
}

/** The address, the part before the `@`, and the words of both. */
function partsOf(email: string): string[] {
  const name = email.slice(0, email.lastIndexOf('@'));
  return [email, name, ...email.split(/[^\p{L}]+/u).filter((word) => word.length > 2)];
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
