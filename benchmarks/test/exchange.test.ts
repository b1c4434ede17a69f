import { describe, expect, it } from 'vitest';
import { exchange } from '../src/exchange.ts';

describe('exchange', () => {
  it('finishes an answer and closes it, once the middleware goes on', () => {
    const heard: string[] = [];
    exchange((_, response, next) => {
      response.on('finish', () => heard.push('finish'));
      response.on('close', () => heard.push(`close ${response.writableFinished}`));
      expect(response.headersSent).toBe(false);
      next();
      expect(response.headersSent).toBe(true);
    });
    expect(heard).toEqual(['finish', 'close true']);
  });

  it('sends two bytes after the head', () => {
    exchange((request, _, next) => {
      const before = request.socket.bytesWritten;
      next();
      expect(request.socket.bytesWritten - before).toBe('HTTP/1.1 200 OK\r\n\r\nok'.length);
    });
  });
});
