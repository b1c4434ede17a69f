/** Whether a text has no half of a surrogate pair alone, so that its UTF-8 form says the same. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
