import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Makes an id as 1Password does: 26 letters and digits. */
export const newId = (): string =>
  Array.from({ length: 26 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
