import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Quickstart } from '../../src/quickstart.ts';
import { createShow } from '../../src/view/show.ts';
import { sampleMinute } from '../support/status.ts';

const { status, history } = sampleMinute();
const entries = [{ atMs: 48_000, text: 'circuit opened' }];
const quickstart = {
  status: () => status,
  history: () => history,
  journal: () => entries,
} as unknown as Quickstart;

class Output extends EventEmitter {
  readonly isTTY: boolean;
  written = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.written += text;
    return true;
  }

  getWindowSize(): [number, number] {
    return [100, 40];
  }

  /** What was written since the last look, without colours. */
  take(): string {
    const taken = stripVTControlCharacters(this.written);
    this.written = '';
    return taken;
  }
}

const show = (output: Output, env = {}) => createShow(output as unknown as WriteStream, env);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe.each([
  ['where there is no terminal', false, {}],
  ['with NO_COLOR', true, { NO_COLOR: '1' }],
])('%s', (_, isTTY, env) => {
  it('begins with where it listens, then writes a line a second', () => {
    const output = new Output(isTTY);
    const plain = show(output, env);
    plain.open(quickstart);
    expect(output.take()).toBe(
      'Listening on http://127.0.0.1:8787/, guarding http://127.0.0.1:9/; Ctrl-C ends it.\n',
    );
    vi.advanceTimersByTime(3_000);
    expect(output.take().match(/^0:59 {2}open +healthy/gm)).toHaveLength(3);
    plain.close(quickstart);
  });

  it('tells what happens when it happens', () => {
    const output = new Output(isTTY);
    const plain = show(output, env);
    plain.tell({ atMs: 61_000, text: 'circuit opened' });
    expect(output.take()).toBe('1:01  circuit opened\n');
  });

  it('writes no control characters, and nothing after the end', () => {
    const output = new Output(isTTY);
    const plain = show(output, env);
    plain.open(quickstart);
    vi.advanceTimersByTime(2_000);
    plain.close(quickstart);
    expect(output.written).not.toContain('\x1b');
    output.take();
    vi.advanceTimersByTime(5_000);
    expect(output.take()).toBe('');
  });
});

describe('on a terminal', () => {
  it('redraws the view, and leaves out lines for what happens', () => {
    const output = new Output(true);
    const live = show(output);
    live.open(quickstart);
    vi.advanceTimersByTime(1_000);
    expect(output.take().match(/Holdfast quickstart/g)).toHaveLength(5);
    live.tell({ atMs: 0, text: 'circuit opened' });
    expect(output.take()).toBe('');
    live.close(quickstart);
  });

  it('draws once more at the end, gives the cursor back, and is done', () => {
    const output = new Output(true);
    const live = show(output);
    live.open(quickstart);
    output.take();
    live.close(quickstart);
    expect(output.written).toContain('Holdfast quickstart');
    expect(output.written.endsWith('\x1b[?25h')).toBe(true);
    output.take();
    vi.advanceTimersByTime(5_000);
    expect(output.take()).toBe('');
  });
});
