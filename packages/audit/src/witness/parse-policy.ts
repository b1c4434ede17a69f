import { verifierFrom, type NoteVerifier } from '../note/verifier.ts';
import { keyMaterialOf } from './key-material.ts';
import { WitnessPolicyError } from './policy-error.ts';
import type { Quorum } from './quorum.ts';
import type { PolicyLog, PolicyWitness, WitnessPolicy } from './witness-policy.ts';

// The octets that a policy may have: tab, newline and whatever is no control character. Those above ASCII are opaque.
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Parses the lines of one file; what earlier lines defined is what later ones may refer to. */
class PolicyReader {
  readonly logs: PolicyLog[] = [];
  readonly witnesses: PolicyWitness[] = [];
  quorum: Quorum | undefined;
  private readonly defined = new Map<string, Quorum>();
  private readonly members = new Set<string>();
  private readonly keys = { log: new Set<string>(), witness: new Set<string>() };
  private line = 0;

  read(text: string): void {
    for (const line of text.split('\n')) {
      this.line++;
      if (FORBIDDEN.test(line)) throw this.wrong('control characters are not allowed');
      const [word = '', ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
      if (word !== '' && !word.startsWith('#')) this.readLine(word, items);
    }
    if (this.quorum === undefined) throw this.wrong('the file ends without a quorum line');
  }

  private readLine(word: string, items: readonly string[]): void {
    switch (word) {
      case 'log':
        return this.readLog(items);
      case 'witness':
        return this.readWitness(items);
      case 'group':
        return this.readGroup(items);
      case 'quorum':
        return this.readQuorum(items);
      default:
        throw this.wrong(`${shown(word)} is none of log, witness, group and quorum`);
    }
  }

  private readLog([vkey, url, ...more]: readonly string[]): void {
    if (vkey === undefined || more.length > 0) throw this.wrong('must be: log <vkey> [<url>]');
    this.logs.push({ ...this.readKey('log', vkey), url: url && utf8(url) });
  }

  private readWitness([name, vkey, url, ...more]: readonly string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) {
      throw this.wrong('must be: witness <name> <vkey> [<url>]');
    }
    this.define(name, { kind: 'witness', name: utf8(name) });
    this.witnesses.push({ name: utf8(name), ...this.readKey('witness', vkey), url: url && utf8(url) });
  }

  private readGroup([name, count, ...names]: readonly string[]): void {
    if (name === undefined || count === undefined || names.length === 0) {
      throw this.wrong('must be: group <name> all|any|<number> <name>...');
    }
    const threshold = count === 'all' ? names.length : count === 'any' ? 1 : Number(count);
    if (!/^(all|any|[1-9][0-9]*)$/.test(count) || threshold > names.length) {
      throw this.wrong(`${shown(count)} must be all, any or a number from 1 to ${names.length}`);
    }
    const members = names.map((member) => this.member(member));
    this.define(name, { kind: 'group', name: utf8(name), threshold, members });
  }

  private readQuorum([name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) throw this.wrong('must be: quorum <name>');
    if (this.quorum !== undefined) throw this.wrong('there is a quorum line already');
    this.quorum = name === 'none' ? { kind: 'none' } : this.lookUp(name);
  }

  private readKey(kind: 'log' | 'witness', octets: string): { vkey: string; verifier: NoteVerifier } {
    const vkey = utf8(octets);
    const verifier = this.parseKey(vkey);
    if (verifier.cosigner !== (kind === 'witness')) {
      throw this.wrong(
        `the key is not that of a ${kind}: its signature type is for ${kind === 'log' ? 'witnesses' : 'logs'}`,
      );
    }
    const key = keyMaterialOf(vkey).toString('hex');
    if (this.keys[kind].has(key)) throw this.wrong(`there is a ${kind} with this key already`);
    this.keys[kind].add(key);
    return { vkey, verifier };
  }

  private parseKey(vkey: string): NoteVerifier {
    try {
      return verifierFrom(vkey);
    } catch (cause) {
      throw this.wrong(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  private define(name: string, quorum: Quorum): void {
    if (name === 'none') throw this.wrong('the name none is taken');
    if (this.defined.has(name)) throw this.wrong(`${shown(name)} is defined already`);
    this.defined.set(name, quorum);
  }

  // A witness that counts once in only one group cannot fill a quorum twice.
  private member(name: string): Quorum {
    const quorum = this.lookUp(name);
    if (this.members.has(name)) throw this.wrong(`${shown(name)} is a member of a group already`);
    this.members.add(name);
    return quorum;
  }

  private lookUp(name: string): Quorum {
    const quorum = this.defined.get(name);
    if (quorum === undefined) throw this.wrong(`${shown(name)} is not defined on a line before`);
    return quorum;
  }

  private wrong(what: string, options?: ErrorOptions): WitnessPolicyError {
    return new WitnessPolicyError(this.line, what, options);
  }
}

/** Names are octets to the format; who reads them takes them for UTF-8. */
function utf8(octets: string): string {
  return Buffer.from(octets, 'latin1').toString();
}

function shown(octets: string): string {
  return JSON.stringify(utf8(octets));
}

/**
 * Reads a policy file (C2SP tlog-policy).
 *
 * @param policy - the content of the file
 * @throws {@link WitnessPolicyError} when it is malformed; `line` says where
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePolicy } from '@holdfast/audit';
 *
 * const policy = parsePolicy(readFileSync('audit.policy'));
 * console.log(policy.witnesses.map((witness) => witness.name));
 * ```
 */
export function parsePolicy(policy: string | Uint8Array): WitnessPolicy {
  const reader = new PolicyReader();
  reader.read(
    Buffer.from(typeof policy === 'string' ? new TextEncoder().encode(policy) : policy).toString('latin1'),
  );
  const { logs, witnesses, quorum } = reader;
  return { logs, witnesses, quorum: quorum ?? { kind: 'none' } };
}
