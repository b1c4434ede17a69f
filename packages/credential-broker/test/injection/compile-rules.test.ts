import { createRedactor, type Broker } from '@holdfast/credential-broker';
import { createEgress } from '@holdfast/credential-broker/egress';
import { createInjector, type InjectorOptions } from '@holdfast/credential-broker/injection';
import { describe, expect, it } from 'vitest';
import { aRule } from './rig.ts';

const broker: Pick<Broker, 'withSecret'> = { withSecret: () => Promise.reject(new Error('not asked')) };
const given: InjectorOptions = {
  broker,
  egress: createEgress(),
  redactor: createRedactor(),
  rules: [aRule('https://api.example')],
};
const make = (options: Partial<InjectorOptions>) => () => createInjector({ ...given, ...options });
const withRule = (rule: object) => make({ rules: [{ ...aRule('https://api.example'), ...rule }] });

describe('the options of an injector', () => {
  it.each([
    [{ broker: {} }, 'createInjector: broker must be an object with the method withSecret'],
    [{ egress: undefined }, 'createInjector: egress must be given'],
    [{ redactor: 7 }, 'createInjector: redactor must be an object'],
    [{ rules: [] }, 'createInjector: rules must be a list of 1 to 1000 rules'],
    [{ timeoutMs: 0 }, 'createInjector: timeoutMs must be an integer >= 1 and <= 600000, got 0'],
    [{ maxRequestBytes: -1 }, 'createInjector: maxRequestBytes must be an integer >= 0'],
    [{ maxResponseBytes: 1.5 }, 'createInjector: maxResponseBytes must be an integer >= 0'],
    [{ retries: 3 }, 'createInjector has no option "retries"'],
  ])('are checked: %o', (options, message) => {
    expect(make(options as Partial<InjectorOptions>)).toThrow(message);
  });
});

describe('a rule', () => {
  it.each([
    ['id', 'a b'],
    ['refs', []],
    ['refs', 'op://**'],
    ['origin', 'https://api.example/'],
    ['origin', 'https://api.example/v1'],
    ['origin', 'https://API.example'],
    ['origin', 'https://api.example:443'],
    ['origin', 'https://user@api.example'],
    ['origin', 'https://*.example'.replace('*', '%2A')],
    ['origin', 'ftp://api.example'],
    ['origin', 'null'],
    ['methods', ['TRACE']],
    ['methods', ['CONNECT']],
    ['methods', ['get']],
    ['methods', []],
    ['paths', []],
    ['paths', ['/v1/../x']],
    ['paths', ['/v1/**/x']],
    ['paths', ['v1']],
    ['scope', 7],
    ['inject', []],
    ['inject', ['header']],
    ['requestHeaders', ['authorization']],
    ['requestHeaders', ['DPoP'.toLowerCase()]],
    ['requestHeaders', ['cookie']],
    ['requestHeaders', ['x-http-method-override']],
    ['requestHeaders', ['x-original-url']],
    ['requestHeaders', ['proxy-connection']],
    ['requestHeaders', ['X-Upper']],
    ['responseHeaders', ['content-length']],
    ['responseHeaders', ['transfer-encoding']],
  ])('is refused when %s is %o', (name, value) => {
    expect(withRule({ [name]: value })).toThrow(`createInjector: rules[0]: ${name} must be `);
  });

  it.each([
    [{ into: 'path', name: 'x', template: '{a}' }, 'inject[0]: into must be one of "header"'],
    [
      { into: 'header', name: 'x-key', template: 'no field' },
      'inject[0]: template must be text with a {field}',
    ],
    [{ into: 'header', name: 'x-key', template: '{a} {' }, 'inject[0]: template must be'],
    [{ into: 'header', name: 'x-key', template: '{a}\r\n' }, 'inject[0]: template must be'],
    [{ into: 'header', name: 'host', template: '{a}' }, 'inject[0]: name must be the name of a header field'],
    [
      { into: 'header', name: 'X-Key', template: '{a}' },
      'inject[0]: name must be the name of a header field',
    ],
    [{ into: 'query', name: '', template: '{a}' }, 'inject[0]: name must be text'],
    [{ into: 'form', template: '{a}' }, 'inject[0]: name must be text'],
    [{ into: 'json', pointer: 'a', template: '{a}' }, 'inject[0]: pointer must be a JSON pointer'],
    [{ into: 'json', pointer: '/__proto__/a', template: '{a}' }, 'inject[0]: pointer must be a JSON pointer'],
    [{ into: 'json', pointer: '/a~2', template: '{a}' }, 'inject[0]: pointer must be a JSON pointer'],
    [
      { into: 'basic', username: 'a', password: 'b' },
      'inject[0]: username or password must be a list of fields',
    ],
    [{ into: 'basic', username: '{' }, 'inject[0]: username must be text'],
  ])('is refused when it puts a secret into %o', (injection, message) => {
    expect(withRule({ inject: [injection] })).toThrow(`createInjector: rules[0]: ${message}`);
  });

  it('is refused when it has an option too many, or one too few', () => {
    expect(withRule({ path: '/' })).toThrow('createInjector: rules[0] has no option "path"');
    expect(withRule({ id: undefined })).toThrow('createInjector: rules[0]: id must be given');
  });

  it('may put a secret into fields that no client may set', () => {
    for (const name of ['authorization', 'cookie', 'x-forwarded-access-token'])
      expect(withRule({ inject: [{ into: 'header', name, template: '{a}' }] })).not.toThrow();
  });
});
