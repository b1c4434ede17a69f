import { createEmitter, reportListenerError } from '@holdfast/pipeline';
import { describe, expect, it, vi } from 'vitest';

type Event = { readonly type: 'a'; readonly n: number } | { readonly type: 'b' };

describe('an emitter', () => {
  it('tells every listener in the order of subscription', () => {
    const log: string[] = [];
    const emitter = createEmitter<Event>();
    emitter.subscribe(({ type }) => log.push(`first ${type}`));
    emitter.on('a', ({ n }) => log.push(`second ${n}`));
    emitter.emit({ type: 'a', n: 1 });
    emitter.emit({ type: 'b' });
    expect(log).toEqual(['first a', 'second 1', 'first b']);
  });

  it('refuses a listener that is no function, and stays as it was', () => {
    const emitter = createEmitter<Event>();
    expect(() => emitter.on('a', undefined as never)).toThrow(
      new TypeError('on: listener must be a function, got undefined'),
    );
    expect(() => emitter.subscribe({} as never)).toThrow(
      new TypeError('subscribe: listener must be a function, got an object'),
    );
    expect(emitter.active).toBe(false);
  });

  it('is active while anyone listens', () => {
    const emitter = createEmitter<Event>();
    const states = [emitter.active];
    const stop = [emitter.subscribe(() => undefined), emitter.on('b', () => undefined)];
    states.push(emitter.active);
    stop[0]?.();
    states.push(emitter.active);
    stop[1]?.();
    states.push(emitter.active);
    expect(states).toEqual([false, true, true, false]);
  });

  it('lets one listener subscribe twice, and each subscription end by itself', () => {
    const listener = vi.fn();
    const emitter = createEmitter<Event>();
    const stop = emitter.subscribe(listener);
    emitter.subscribe(listener);
    emitter.emit({ type: 'b' });
    stop();
    stop();
    emitter.emit({ type: 'b' });
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('tells the event on its way to all who listened when it set out', () => {
    const log: string[] = [];
    const emitter = createEmitter<Event>();
    const stop = emitter.subscribe(() => {
      log.push('leaves');
      stop();
      emitter.subscribe(() => log.push('newcomer'));
    });
    emitter.subscribe(() => log.push('neighbour'));
    emitter.emit({ type: 'b' });
    expect(log).toEqual(['leaves', 'neighbour']);
    emitter.emit({ type: 'b' });
    expect(log).toEqual(['leaves', 'neighbour', 'neighbour', 'newcomer']);
  });

  it('lets a listener emit', () => {
    const log: string[] = [];
    const emitter = createEmitter<Event>();
    emitter.on('a', () => emitter.emit({ type: 'b' }));
    emitter.subscribe(({ type }) => log.push(type));
    emitter.emit({ type: 'a', n: 1 });
    expect(log).toEqual(['b', 'a']);
  });

  it('reports a listener that throws, and goes on', () => {
    const reported: unknown[] = [];
    const told = vi.fn();
    const emitter = createEmitter<Event>((error) => reported.push(error));
    emitter.subscribe(() => {
      throw 'broken';
    });
    emitter.subscribe(told);
    emitter.emit({ type: 'b' });
    expect(reported).toEqual(['broken']);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('reports an async listener that rejects', async () => {
    const reported: unknown[] = [];
    const emitter = createEmitter<Event>((error) => reported.push(error));
    const broken: () => unknown = async () => {
      throw 'broken';
    };
    const later: () => unknown = async () => {
      await Promise.resolve();
      throw 'later';
    };
    emitter.subscribe(broken);
    emitter.on('b', later);
    emitter.emit({ type: 'b' });
    await new Promise(setImmediate);
    expect(reported).toEqual(['broken', 'later']);
  });

  it('reports to console.error by default', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const emitter = createEmitter<Event>();
    emitter.subscribe(() => {
      throw 'broken';
    });
    emitter.emit({ type: 'b' });
    expect(printed).toHaveBeenCalledWith('broken');
  });

  it('survives a handler that throws as well', () => {
    const emitter = createEmitter<Event>(() => {
      throw new Error('handler');
    });
    emitter.subscribe(() => {
      throw new Error('listener');
    });
    expect(() => emitter.emit({ type: 'b' })).not.toThrow();
  });
});

it('reportListenerError hands the error on, and never throws', () => {
  const handler = vi.fn(() => {
    throw new Error('handler');
  });
  expect(() => reportListenerError(handler, 'broken')).not.toThrow();
  expect(handler).toHaveBeenCalledWith('broken');
});
