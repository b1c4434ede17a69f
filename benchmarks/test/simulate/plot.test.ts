import { describe, expect, it } from 'vitest';
import { renderPlot, type Panel } from '../../src/simulate/plot.ts';
import { tagsOf } from './tags-of.ts';

const panel = (title: string, load: readonly number[]): Panel => {
  return { title, series: { calls: load.map(() => 100), goodput: load.map(() => 50), load } };
};
const OPTIONS = {
  title: 'An <outage> & more',
  about: 'What "happens".',
  usualPerSecond: 100,
  capacity: 1.5,
  fault: [1, 3],
} as const;

const plot = renderPlot([panel('a > b', [100, 0, 100_000, 150]), panel('other', [1, 2, 3, 4])], OPTIONS);

describe('renderPlot', () => {
  it('makes well-formed XML', () => {
    const tags = tagsOf(plot);
    expect(tags[0]).toMatchObject({ name: 'svg', attributes: { role: 'img' } });
    expect(tags.filter(({ name }) => name === 'g')).toHaveLength(2);
    expect(plot).toContain('<title>An &lt;outage&gt; &amp; more</title>');
    expect(plot).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws a point for each second, and cuts what is above three times the usual', () => {
    const [load] = tagsOf(plot).filter(
      ({ attributes }) => attributes['class'] === 'load' && attributes['d']?.includes('L'),
    );
    // 4 s on 380 px; 105 px for three times the usual.
    expect(load?.attributes['d']).toBe('M47.5 70L142.5 105L237.5 0L332.5 52.5');
  });

  it('shades the fault, and closes the area of the goodput at the axis', () => {
    const fault = tagsOf(plot).filter(({ attributes }) => attributes['class'] === 'fault');
    expect(fault[1]?.attributes).toMatchObject({ x: '95', width: '190' });
    expect(plot).toContain('M47.5 105L47.5 87.5L142.5 87.5L237.5 87.5L332.5 87.5V105Z');
  });

  it('puts two panels into a row, and is as high as its rows', () => {
    const heightOf = (panels: number) => {
      const [svg] = tagsOf(
        renderPlot(
          Array.from({ length: panels }, () => panel('x', [1])),
          OPTIONS,
        ),
      );
      return Number(svg?.attributes['viewBox']?.split(' ')[3]);
    };
    expect(heightOf(2)).toBe(heightOf(1));
    expect(heightOf(3)).toBeGreaterThan(heightOf(2));
    expect(heightOf(7) - heightOf(5)).toBe(heightOf(3) - heightOf(1));
  });

  it('has colours for dark pages too', () => {
    expect(plot).toContain('@media (prefers-color-scheme: dark)');
  });
});
