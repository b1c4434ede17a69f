/** One line at the foot of a terminal that says how far the work is; nothing elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** Makes a progress line on a stream that may be a terminal. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show() {}, clear() {} };
  return {
    show: (text) => void stream.write(`\r\u001b[K${text}`),
    clear: () => void stream.write('\r\u001b[K'),
  };
}
