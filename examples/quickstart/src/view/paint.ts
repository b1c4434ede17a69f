import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'magenta';

/** Colours a text for a terminal. */
export const paint = (style: Style | Style[], text: string): string =>
  styleText(style, text, { validateStream: false });

/** How many columns a text takes, whatever its colours. */
export const width = (text: string): number => stripVTControlCharacters(text).length;
