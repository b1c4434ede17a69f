import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { escapeHelp, escapeLabelValue, labelText, openLabelText } from '../../src/exposition/escape.ts';
import { formatBound, formatNumber } from '../../src/exposition/format-number.ts';
import { createdText, exemplarText } from '../../src/exposition/sample-text.ts';
import { parseText } from '../parse-text.ts';

const text = fc.string({ unit: fc.constantFrom(...'"\\\nabn,{}= ü😀') });

describe('labels as text', () => {
  it('are what stands between a name and a number', () => {
    expect(labelText({})).toBe(' ');
    expect(labelText({ a: '1', b: 2 })).toBe('{a="1",b="2"} ');
    expect(labelText({ a: '', b: '' })).toBe(' ');
    expect(labelText({ a: '', b: 'x', c: '' })).toBe('{b="x"} ');
  });

  it('can be left open for another one', () => {
    expect(openLabelText({})).toBe('{');
    expect(openLabelText({ a: '1', b: '' })).toBe('{a="1",');
  });

  property.prop([fc.dictionary(fc.stringMatching(/^[a-z]\w{0,3}$/), text)])(
    'are read as they were written, closed or open',
    (labels) => {
      const kept = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
      expect(parseText(`x${labelText(labels)}1\n`)[0]?.labels).toEqual(kept);
      const open = parseText(`x${openLabelText(labels)}le="1"} 1\n`)[0]?.labels;
      expect(open).toEqual({ ...kept, le: '1' });
    },
  );

  property.prop([text])('stay on one line', (value) => {
    expect(escapeLabelValue(value)).not.toMatch(/\n|(?:^|[^\\])(?:\\\\)*"/);
    expect(escapeHelp(value)).not.toContain('\n');
  });

  it('leave the quotes of a help text alone', () => {
    expect(escapeHelp('"a"\\\n')).toBe('"a"\\\\\\n');
  });
});

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('%d is %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });

  it.each([
    [1, '1.0'],
    [-20, '-20.0'],
    [0, '0.0'],
    [0.5, '0.5'],
    [1e21, '1e+21'],
    [Infinity, '+Inf'],
  ])('%d as a bound is %s', (value, expected) => {
    expect(formatBound(value)).toBe(expected);
  });

  property.prop([fc.double()])('are read as they were written', (value) => {
    expect(parseText(`x ${formatNumber(value)}\n`)[0]?.value).toBe(value + 0);
  });
});

describe('what OpenMetrics adds to a number', () => {
  it('is what led to it', () => {
    expect(exemplarText(undefined)).toBe('');
    const exemplar = { labels: { trace_id: 'a"b' }, value: 0.25, atMs: 1_700_000_000_001 };
    expect(exemplarText(exemplar)).toBe(' # {trace_id="a\\"b"} 0.25 1700000000.001');
    expect(exemplarText({ ...exemplar, labels: {} })).toBe(' # {} 0.25 1700000000.001');
  });

  it('is since when it counts', () => {
    expect(createdText('x', ' ', 1_500)).toBe('x_created 1.500\n');
    expect(createdText('x', '{a="b"} ', 1_700_000_000_001)).toBe('x_created{a="b"} 1700000000.001\n');
  });
});
