import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/output/terminal.ts';
import { simulated, timed } from './reports.ts';

const plain = (text: string) => stripVTControlCharacters(text).split('\n');

describe('renderTerminal', () => {
  it('aligns words left and numbers right', () => {
    expect(plain(renderTerminal(simulated))).toEqual([
      'storm',
      'case   subject    load  recovered',
      'retry  p-retry       4      never',
      'retry  holdfast  1.045          0',
      'other  holdfast                 3',
      '',
    ]);
  });

  it('names the baseline', () => {
    expect(plain(renderTerminal(timed))[0]).toBe('breaker  ratios to await fn()');
  });
});
