/** There is no number. */
export const WRONG = -1;
/** More input is needed to tell. */
export const UNFINISHED = -2;

const HEX = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

/** The value of some hexadecimal digits. */
export function digits(input: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    if (i >= input.length) return UNFINISHED;
    const digit = HEX[input[i] as number] as number;
    if (digit < 0) return WRONG;
    value = value * 16 + digit;
  }
  return value;
}
