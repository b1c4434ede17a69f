import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { compilePolicy, type Policy, type PolicyDocument } from './define-policy.ts';
import { PolicyError, type PolicyMistake } from './policy-error.ts';
import { findWarnings } from './find-warnings.ts';
import { findMistakes, type RuleMistake } from './read-rules.ts';

const MAX_CHARACTERS = 16 * 1024 * 1024;

/** A text of YAML 1.2, of which JSON is a part, and where in it everything stands. */
class PolicyText {
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed | undefined;
  readonly mistakes: PolicyMistake[] = [];

  constructor(text: string) {
    const documents = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      prettyErrors: false,
      lineCounter: this.lines,
    });
    if ('empty' in documents) return;
    const [first, second] = documents;
    this.document = first;
    for (const { message, pos } of documents.flatMap((one) => [...one.errors, ...one.warnings])) {
      this.mistakes.push({ message, ...this.at(pos[0]) });
    }
    if (second !== undefined) this.add('must be one document', second.range[0]);
    if (first !== undefined) this.refuseReferences(first);
  }

  /** The value that the text stands for. */
  get value(): unknown {
    return this.document?.toJS({ maxAliasCount: 0 }) as unknown;
  }

  /** Says where something is. */
  locate({ message, path, key }: RuleMistake): PolicyMistake {
    const node = key === true ? this.keyAt(path) : this.nodeAt(path);
    return { message, ...this.at((node ?? this.document?.contents)?.range?.[0] ?? 0) };
  }

  private at(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  private add(message: string, offset = 0): void {
    this.mistakes.push({ message, ...this.at(offset) });
  }

  /** What stands somewhere else than where it is read hides from whoever reads a rule. */
  private refuseReferences(document: Document.Parsed): void {
    const refuse = (what: string) => (_: unknown, node: Node) =>
      this.add(`${what} cannot be used in a policy`, node.range?.[0]);
    visit(document, {
      Alias: refuse('an alias'),
      Value: (key, node) => (node.anchor === undefined ? undefined : refuse('an anchor')(key, node)),
    });
  }

  private nodeAt(path: RuleMistake['path']): Node | undefined {
    for (let length = path.length; length > 0; length--) {
      const node = this.document?.getIn(path.slice(0, length), true);
      if (isMap(node) || isSeq(node) || isScalar(node)) return node;
    }
    return undefined;
  }

  private keyAt(path: RuleMistake['path']): Node | undefined {
    const parent = path.length === 1 ? this.document?.contents : this.nodeAt(path.slice(0, -1));
    const name = String(path.at(-1));
    const pair = isMap(parent) && parent.items.find(({ key }) => isScalar(key) && String(key.value) === name);
    return pair !== false && isScalar(pair?.key) ? pair.key : undefined;
  }
}

/**
 * Makes a policy of a text in YAML or JSON.
 *
 * @param source - how errors name the text, such as its file
 * @throws {@link PolicyError} with the line and column of every mistake
 *
 * @example
 * ```ts
 * import { parsePolicy } from '@holdfast/credential-broker';
 *
 * const policy = parsePolicy('rules: [{ id: all, tenants: [acme], refs: ["env://**"] }]');
 * ```
 */
export function parsePolicy(text: string, source = 'the policy'): Policy {
  if (text.length > MAX_CHARACTERS) {
    const message = `must have at most ${MAX_CHARACTERS} characters, has ${text.length}`;
    throw new PolicyError(source, [{ message }]);
  }
  const read = new PolicyText(text);
  if (read.mistakes.length > 0) throw new PolicyError(source, read.mistakes);
  const { value } = read;
  const mistakes = findMistakes(value);
  if (mistakes.length > 0) {
    throw new PolicyError(
      source,
      mistakes.map((mistake) => read.locate(mistake)),
    );
  }
  const { rules } = value as PolicyDocument;
  const warnings = findWarnings(rules).map((warning) => read.locate(warning));
  return Object.freeze({ ...compilePolicy({ rules }), warnings });
}
