const BARS = '▁▂▃▄▅▆▇█';

/**
 * Draws numbers as bars, one character each; nothing for 0.
 *
 * @param max - what the highest bar stands for; larger numbers get it too
 */
export function sparkline(values: readonly number[], max: number): string {
  return values
    .map((value) => {
      if (!(value > 0)) return ' ';
      const height = Math.ceil((value / max) * BARS.length);
      return BARS[Math.min(BARS.length, Math.max(1, height)) - 1];
    })
    .join('');
}
