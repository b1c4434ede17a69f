import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/output/progress-line.ts';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream };
}

describe('progressLine', () => {
  it('writes over itself at a terminal', () => {
    const { written, stream: terminal } = stream(true);
    const line = progressLine(terminal);
    line.show('half');
    line.clear();
    expect(written).toEqual(['\r\u001b[Khalf', '\r\u001b[K']);
  });

  it('is silent elsewhere', () => {
    const { written, stream: file } = stream(false);
    const line = progressLine(file);
    line.show('half');
    line.clear();
    expect(written).toEqual([]);
  });
});
