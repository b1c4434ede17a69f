import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressClass, parseNetwork, type Network } from '../../src/egress/address-class.ts';

const networks = (...texts: readonly string[]): Network[] =>
  texts.map(parseNetwork).filter((network) => network !== undefined);

/** The IANA registries of special-purpose addresses, and what else is not for the public: first and last of each. */
const SPECIAL: readonly (readonly [first: string, last: string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.254'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::1'],
  ['::ffff:0:0', '::ffff:ffff:ffff'],
  ['::127.0.0.1', '::8.8.8.8'],
  ['64:ff9b::', '64:ff9b::ffff:ffff'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', '5eff::1'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['8000::', 'fbff::1'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80f::200e',
  '3ffe:ffff::1',
];

describe('addressClass', () => {
  it.each(SPECIAL)('refuses %s to %s', (first, last) => {
    expect(addressClass(first, [])).toBeTypeOf('string');
    expect(addressClass(last, [])).toBeTypeOf('string');
  });

  it.each(PUBLIC)('lets %s pass', (address) => {
    expect(addressClass(address, [])).toBeUndefined();
  });

  it('refuses whatever is not an address', () => {
    for (const text of ['', 'localhost', '999.1.1.1', 'fe80::1%eth0', '1.1.1.1 ', '::gg']) {
      expect(addressClass(text, [])).toBeTypeOf('string');
    }
  });

  it('says where an address is, for whoever has to mend a configuration', () => {
    expect(addressClass('10.1.2.3', [])).toBe('private');
    expect(addressClass('::ffff:10.1.2.3', [])).toBe('ipv4Mapped private');
    expect(addressClass('169.254.169.254', [])).toBe('metadata');
  });

  it('lets a network pass that is allowed, and nothing beside it', () => {
    const allowed = networks('10.1.0.0/16', 'fd12:3456::/32', '127.0.0.1');
    for (const address of ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3', 'fd12:3456::1', '127.0.0.1']) {
      expect(addressClass(address, allowed)).toBeUndefined();
    }
    for (const address of ['10.0.255.255', '10.2.0.0', 'fd12:3457::1', '127.0.0.2', '::1']) {
      expect(addressClass(address, allowed)).toBeTypeOf('string');
    }
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:0ec2:0::0254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '::ffff:0:a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '169.254.42.42',
    'fd00:42::42',
  ])('refuses %s whatever is allowed', (address) => {
    expect(addressClass(address, networks('0.0.0.0/0', '::/0'))).toBe('metadata');
  });

  it('judges an IPv4 address behind a translator as itself', () => {
    const allowed = networks('64:ff9b::/96', '10.1.0.0/16');
    expect(addressClass('64:ff9b::8.8.8.8', allowed)).toBeUndefined();
    expect(addressClass('64:ff9b::10.1.2.3', allowed)).toBeUndefined();
    expect(addressClass('64:ff9b::10.2.2.3', allowed)).toBe('private');
    expect(addressClass('64:ff9b::127.0.0.1', allowed)).toBe('loopback');
    expect(addressClass('64:ff9b::10.1.2.3', networks('10.1.0.0/16'))).toBe('rfc6052');
  });

  it('lets no IPv4 address of a special range pass, nor its IPv6 forms', () => {
    const inSpecial = fc
      .constantFrom('10.', '127.', '192.168.', '169.254.', '172.16.', '100.64.', '198.18.', '240.')
      .chain((prefix) =>
        fc
          .array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 })
          .map((octets) => prefix + octets.slice(prefix.split('.').length - 2).join('.')),
      );
    fc.assert(
      fc.property(inSpecial, (address) => {
        expect(addressClass(address, [])).toBeTypeOf('string');
        expect(addressClass(`::ffff:${address}`, [])).toBeTypeOf('string');
        expect(addressClass(`64:ff9b::${address}`, [])).toBeTypeOf('string');
        expect(addressClass(`::${address}`, [])).toBeTypeOf('string');
      }),
    );
  });
});

describe('parseNetwork', () => {
  it('reads addresses and ranges, and nothing else', () => {
    expect(networks('10.0.0.0/8', '::1', 'fd00::/8')).toHaveLength(3);
    expect(networks('', '10.0.0.0/33', 'localhost', '10.0.0.0/', '/8')).toHaveLength(0);
  });

  // Old parsers take the parts that are missing from the middle: `10/8` would be 0.0.0.0/8, with this machine in it.
  it.each([
    '10/8',
    '127/8',
    '192.168/16',
    '10.1/16',
    '10',
    '010.0.0.0/8',
    '0x7f.0.0.0/8',
    '::ffff:010.0.0.1',
  ])('refuses the short, octal or hexadecimal address of %s', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  it('refuses an address of one interface', () => {
    expect(networks('fe80::1%eth0', 'fe80::%eth0/10')).toHaveLength(0);
  });
});
