import { describe, expect, it } from 'vitest';
import { checkAddresses, checkUrl } from '../../src/egress/check-url.ts';
import { readEgressOptions } from '../../src/egress/options.ts';

const settings = readEgressOptions({});
const plain = readEgressOptions({ allowHttp: true });
const reasonOf = (url: string, by = settings): unknown => {
  try {
    return checkUrl(url, by).url.href;
  } catch (error) {
    return (error as { reason?: unknown }).reason;
  }
};

/** Ways to spell addresses that a request must not go to. */
const SPELLINGS = [
  '127.0.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.1',
  '127.1',
  '127.0.1',
  '0177.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '127.0.0.1.',
  '0',
  '.',
  '0.0.0.0',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '10.0.0.1',
  '167772161',
  '192.168.1.1',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'foo.localhost',
  'printer.local',
  'metadata.google.internal',
  '%6c%6f%63%61%6c%68%6f%73%74',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
];

describe('checkUrl', () => {
  it.each(SPELLINGS)('refuses https://%s/', (host) => {
    expect(reasonOf(`https://${host}/`)).toBe('address');
  });

  it.each(['https://[fe80::1%25eth0]/', 'https://[::1%lo]/', 'https://1.2.3.4.5/', 'https://999.1.1.1/'])(
    'cannot read %s',
    (url) => {
      expect(reasonOf(url)).toBe('url');
    },
  );

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com:70/_',
    'data:text/plain,hi',
    'javascript:alert(1)',
    'blob:https://example.com/1',
    'ws://example.com/',
    'unix:/var/run/docker.sock',
  ])('does not speak %s', (url) => {
    expect(reasonOf(url)).toBe('protocol');
  });

  it('refuses a user or a password, which also hide the host from people', () => {
    expect(reasonOf('https://user@example.com/')).toBe('url');
    expect(reasonOf('https://:secret@example.com/')).toBe('url');
    expect(reasonOf('https://example.com@127.0.0.1/')).toBe('url');
    expect(reasonOf('https://example.com%40127.0.0.1/')).toBe('url');
  });

  it('reads what browsers read, tricks with slashes and dots included', () => {
    expect(reasonOf('https:\\\\127.0.0.1\\')).toBe('address');
    expect(reasonOf('https:///127.0.0.1/')).toBe('address');
    expect(reasonOf('https:127.0.0.1')).toBe('address');
    expect(reasonOf(' \thttps://127.0.0.1/')).toBe('address');
    expect(reasonOf('https://127.0.0.1\\@example.com/')).toBe('address');
    expect(reasonOf('https://127.0.0.1#@example.com/')).toBe('address');
    expect(reasonOf('https://exa\tmple.com/a/../b')).toBe('https://example.com/b');
  });

  it('connects to the ports that are allowed only', () => {
    expect(reasonOf('https://example.com:443/')).toBe('https://example.com/');
    expect(reasonOf('https://example.com:8443/')).toBe('port');
    expect(reasonOf('https://example.com:22/')).toBe('port');
    expect(reasonOf('http://example.com/', plain)).toBe('http://example.com/');
    expect(reasonOf('http://example.com:8080/', plain)).toBe('port');
    expect(reasonOf('https://example.com:8443/', readEgressOptions({ ports: [8443] }))).toContain(':8443');
    expect(reasonOf('https://example.com/', readEgressOptions({ ports: [8443] }))).toBe('port');
  });

  it('takes a fragment away, which is not the server’s to know', () => {
    expect(reasonOf('https://example.com/a?b=c#secret')).toBe('https://example.com/a?b=c');
  });

  it('refuses what cannot be a URL, and what is too long for one', () => {
    for (const url of ['', 'example.com', '/path', 'https://', 'https://exa mple.com/', 'https://[::1'])
      expect(reasonOf(url)).toBe('url');
    expect(reasonOf(`https://example.com/${'a'.repeat(9000)}`)).toBe('url');
  });

  it('shows no more than the host in an error', () => {
    try {
      checkUrl('https://10.0.0.1/path-secret?token=query-secret#hash-secret', settings);
    } catch (error) {
      expect(String(error)).toContain('10.0.0.1');
      expect(String(error)).not.toMatch(/secret/);
    }
    expect.assertions(2);
  });
});

describe('checkAddresses', () => {
  it('refuses a host with one bad address among good ones', () => {
    expect(() => checkAddresses('a.example', ['1.1.1.1', '10.0.0.1'], settings)).toThrow(/private/);
    expect(() => checkAddresses('a.example', [], settings)).toThrow(/no address/);
    expect(() => checkAddresses('a.example', ['1.1.1.1', '2606:4700::1'], settings)).not.toThrow();
  });
});
