import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { createScreen } from '../../src/view/screen.ts';

function terminal() {
  let written = '';
  const fake = Object.assign(new EventEmitter(), { write: (text: string) => (written += text) });
  const taken = () => {
    const text = written;
    written = '';
    return text;
  };
  return { fake: fake as unknown as WriteStream & EventEmitter, taken };
}

it('draws over what it has drawn, and clears what is left of it', () => {
  const { fake, taken } = terminal();
  const screen = createScreen(fake);
  screen.draw(['one', 'two', 'three']);
  expect(taken()).toBe('one\x1b[K\ntwo\x1b[K\nthree\x1b[K\n\x1b[J');
  screen.draw(['four']);
  expect(taken()).toBe('\r\x1b[3Afour\x1b[K\n\x1b[J');
});

it('hides the cursor, and gives it back', () => {
  const { fake, taken } = terminal();
  const screen = createScreen(fake);
  screen.open();
  expect(taken()).toBe('\x1b[?25l');
  screen.close();
  expect(taken()).toBe('\x1b[?25h');
  expect(fake.listenerCount('resize')).toBe(0);
});

it('starts on an empty screen after the terminal has changed its size', () => {
  const { fake, taken } = terminal();
  const screen = createScreen(fake);
  screen.open();
  screen.draw(['one']);
  taken();
  fake.emit('resize');
  screen.draw(['one']);
  expect(taken()).toBe('\x1b[2J\x1b[Hone\x1b[K\n\x1b[J');
});
