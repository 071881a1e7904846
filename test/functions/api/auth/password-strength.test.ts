import { describe, expect, test } from 'vitest';
import { weaknessOf } from '../../../../functions/api/auth/password-strength.ts';

const EMAIL = 'ada.lovelace42@analytical-engine.example';
const weakness = (password: string) => weaknessOf(password, EMAIL);

const ADVICE = 'Choose a longer one: four or more unrelated words, or let a password manager generate it';

describe('weaknessOf', () => {
  test.each([
    // Common passwords of at least twelve characters, also with capitals, digits and symbols.
    'qwerty123456',
    '1q2w3e4r5t6y',
    'Password123!',
    'Password1234',
    'P@ssw0rd2024',
    'p4ssw0rd1234',
    'drowssap1234',
    'iloveyou1234',
    'Admin@123456',
    'Qwertz123456',
    'Azerty123456',
    'Passwort123!',
    'motdepasse123',
    'Football2024!',
    'passwordpassword',
    // Seasons, months, names and places with a year.
    'Winter2025!!',
    'W1nter2025!!',
    'Frühling2025!',
    'January2026!',
    'Januar2026!!',
    'Février2026!',
    'Berlin2025!!',
    'Michael1985!',
    // Words of this service.
    'boursomatic123',
    'Boursomatic2026!',
    'boursomatic boursomatic',
    'Aktien2026!!!',
    'stocktrading1',
    'Tr@ding12345',
    'Portfolio2025',
    // The user's own words.
    EMAIL,
    'ada.lovelace42',
    'Lovelace2026!',
    'AdaLovelace12',
    'analyticalengine',
    'Analytical2026',
    // Patterns.
    'abcdefghijkl',
    'aaaabbbbcccc',
    '123456789012',
    'Ada01.02.1990',
    'abcdefghij'.repeat(12),
  ])('refuses %s', async (password) => {
    expect(await weakness(password)).toMatch(/^is easy to guess, because it /);
    expect(await weakness(password)).toContain(ADVICE);
    expect(await weakness(password)).not.toContain(password);
  });

  test.each([
    'correct horse battery',
    'correct horse battery staple',
    'another horse, another staple',
    'four yellow umbrellas',
    'violet-kettle-marsh-91',
    'mot de passe très long avec des espaces',
    'lampe tisch fenster regen',
    'my bourse is a small green purse',
    'the trading desk sleeps at noon',
    'kX9#mP2$vL5q',
    'x7!kfq2$mzwp',
    'rn4tGqk8sZbd',
    'a3f9c2e8b7d1',
    '😀😃😄😁😆😅🤣😂🙂🙃🫠🫡',
    'correct horse battery staple purple monkey dishwasher '.repeat(3).slice(0, 128),
  ])('accepts %s', async (password) => {
    expect(await weakness(password)).toBeUndefined();
  });

  test.each([
    ['Password123!', 'is built from a common word or password and a few characters'],
    ['boursomatic123', 'is built from a word of this service and a sequence such as abc or 123'],
    ['Lovelace2026!', 'is built from your e-mail address and a few characters'],
    ['Winter2025!!', 'is built from a common word or password, a date and a repetition'],
    ['winterwinter', 'is built from a repetition'],
    ['abcdefghijkl', 'is built from a sequence such as abc or 123'],
  ])('says what is wrong with %s', async (password, reason) => {
    expect(await weakness(password)).toBe(`is easy to guess, because it ${reason}. ${ADVICE}`);
  });

  test('ignores the words of another user', async () => {
    expect(await weakness('Analytical-Lovelace')).toBeDefined();
    expect(await weaknessOf('Analytical-Lovelace', 'bob@example.com')).toBeUndefined();
  });

  test('judges the beginning of a long password, whatever follows', async () => {
    expect(await weakness(`${'p@ssw0rd'.repeat(5)}kX9#mP2$vL5qrn4tGqk8sZbd`)).toBeDefined();
    expect(await weakness(`kX9#mP2$vL5qrn4tGqk8sZbd${'p@ssw0rd'.repeat(5)}`)).toBeUndefined();
  });
});
