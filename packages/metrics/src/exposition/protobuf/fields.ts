import type { Output } from '../output.ts';

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;

/** Writes a whole number >= 0. */
export function uintField(output: Output, field: number, value: number): void {
  tag(output, field, VARINT);
  output.varint(value);
}

/** Writes a whole number of either sign, small ones in few bytes. */
export function sintField(output: Output, field: number, value: number): void {
  uintField(output, field, zigzag(value));
}

/** Writes a number. */
export function doubleField(output: Output, field: number, value: number): void {
  tag(output, field, FIXED64);
  output.double(value);
}

/** Writes a text. */
export function textField(output: Output, field: number, text: string): void {
  const start = openField(output, field);
  output.text(text);
  output.close(start);
}

/** Writes whole numbers of either sign, packed. */
export function sintsField(output: Output, field: number, values: readonly number[]): void {
  const start = openField(output, field);
  for (const value of values) output.varint(zigzag(value));
  output.close(start);
}

/** Begins a message within a message. @returns what `output.close` wants to know */
export function openField(output: Output, field: number): number {
  tag(output, field, DELIMITED);
  return output.open();
}

function tag(output: Output, field: number, wireType: number): void {
  output.varint(field * 8 + wireType);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
