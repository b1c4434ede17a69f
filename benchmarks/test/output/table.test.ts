import { describe, expect, it } from 'vitest';
import { tableOf } from '../../src/output/table.ts';
import { simulated, timed } from './reports.ts';

describe('tableOf', () => {
  it('shows what was measured, with targets and whether they hold', () => {
    const { titles, rows } = tableOf(timed);
    expect(titles).toEqual(['case', 'subject', 'ns/op', 'B/op', 'ratio', 'target']);
    expect(rows).toEqual([
      ['await fn()', 'platform', '40', '250', '1.00x', ''],
      ['consecutive', 'holdfast', '100', '684', '2.50x', 'ratio <= 2.4 ✗, bytesPerOp <= 760 ✓'],
      ['defaults', 'opossum', '1,234.5', '2,000', '30.90x', ''],
    ]);
  });

  it('leaves columns out that have nothing in them, and adds one a figure', () => {
    const { titles, rows } = tableOf(simulated);
    expect(titles).toEqual(['case', 'subject', 'load', 'recovered']);
    expect(rows).toEqual([
      ['retry', 'p-retry', '4', 'never'],
      ['retry', 'holdfast', '1.045', '0'],
      ['other', 'holdfast', '', '3'],
    ]);
  });

  it('says which columns are numbers', () => {
    expect(tableOf(simulated).numeric).toEqual([false, false, true, true]);
  });
});
