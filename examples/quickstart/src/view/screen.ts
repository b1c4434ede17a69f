import type { WriteStream } from 'node:tty';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_REST_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/** A block of lines on a terminal, redrawn in place. */
export interface Screen {
  /** Takes over the lines from the cursor on. */
  open(): void;
  draw(lines: readonly string[]): void;
  /** Leaves the last lines where they are, and gives the cursor back. */
  close(): void;
}

/** Makes a screen of a terminal. */
export function createScreen(terminal: WriteStream): Screen {
  let height = 0;
  // Lines that were wrapped anew are not where they were drawn.
  const forget = () => {
    terminal.write('\x1b[2J\x1b[H');
    height = 0;
  };
  return {
    open() {
      terminal.on('resize', forget);
      terminal.write(HIDE_CURSOR);
    },
    draw(lines) {
      // To the left as well: the terminal shows a Ctrl-C as ^C.
      const up = height > 0 ? `\r\x1b[${height}A` : '';
      terminal.write(`${up}${lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('')}${CLEAR_BELOW}`);
      height = lines.length;
    },
    close() {
      terminal.off('resize', forget);
      terminal.write(SHOW_CURSOR);
    },
  };
}
