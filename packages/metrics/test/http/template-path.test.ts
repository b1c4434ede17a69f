import { describe, expect, it } from 'vitest';
import { templatePath } from '../../src/index.ts';

describe('templatePath', () => {
  it.each([
    ['/users/42', '/users/{id}'],
    ['/users/42/orders/7?page=2#top', '/users/{id}/orders/{id}'],
    ['/files/7d444840-9dc0-11d1-b245-5ffdce74fad2', '/files/{id}'],
    ['/commits/6dcb09b5b57875f334f61aebed695e2e4193db5e', '/commits/{id}'],
    ['/sessions/V1StGXR8_Z5jdHi6B-myT', '/sessions/{id}'],
    ['/api/v2/internationalization', '/api/v2/internationalization'],
    ['/', '/'],
    ['', ''],
  ])('makes %s to %s', (path, template) => {
    expect(templatePath(path)).toBe(template);
  });

  it('keeps 100 characters at most', () => {
    expect(templatePath(`/${'a'.repeat(500)}`)).toHaveLength(100);
  });
});
