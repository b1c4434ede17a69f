import { expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';

it('a secret that begins before an escape is found although another begins at it', () => {
  const redactor = createRedactor({ minLength: 4 });
  redactor.register('xx%61b');
  redactor.register('abcd');
  expect(redactor.clean('<xx%61bcd>')).toBe('<[redacted]>');
});
