import type { Clock } from '@holdfast/pipeline';
import type { Definition, FamilyHost } from './definition.ts';
import { labelText } from '../exposition/escape.ts';
import { LabelGuard } from './label-guard.ts';
import { LabelTrie, tupleOf } from './label-trie.ts';
import type { Labels, LabelValue } from './labels.ts';
import { IDLE, REMOVED, WRITTEN, type Series } from './series.ts';

/** The label of the series that counts what found no room in its family. */
export const OVERFLOW_LABEL = 'overflow';

/** All series of one name. What every instrument is made of. */
export abstract class Family<S extends Series<S>> {
  readonly definition: Definition;
  protected readonly host: FamilyHost;
  private readonly names: readonly string[];
  private readonly guard: LabelGuard;
  private readonly normalizes: boolean;
  private readonly trie: LabelTrie<S>;
  /** The one series of a family without labels. */
  private only: S | undefined;
  /** Counts what found no room. */
  private overflow: S | undefined;
  private walks = 0;

  constructor(definition: Definition, host: FamilyHost) {
    const { name, labels, values, normalize, maxValueLength } = definition;
    this.definition = definition;
    this.host = host;
    this.names = [...labels];
    this.guard = new LabelGuard(name, labels, values, normalize, maxValueLength);
    this.normalizes = this.guard.normalizes;
    this.trie = new LabelTrie(labels.length);
  }

  protected abstract create(): S;

  get clock(): Clock {
    return this.host.clock;
  }

  /** How many series there are, the overflow series left out. */
  get size(): number {
    return this.names.length === 0 ? 1 : this.trie.size;
  }

  /** The series of a family without labels. It exists from the start, so that a rate can be taken of its first write. */
  protected single(): S {
    if (this.names.length > 0) throw new TypeError(`${this.definition.name} needs its labels`);
    return (this.only ??= this.create());
  }

  /** The series of some labels; made when they are new. The overflow series when there is no room. */
  protected at(labels: Labels): S {
    if (this.normalizes) return this.admit(this.guard.pick(labels));
    const { names } = this;
    let node: unknown = this.trie.root;
    for (let i = 0; i < names.length && node !== undefined; i++) {
      node = (node as typeof this.trie.root).get(labels[names[i] as string] as string);
    }
    return (node as S | undefined) ?? this.admit(this.guard.pick(labels));
  }

  /** The series of some label values in the order of the label names; made when they are new. */
  with(...values: readonly LabelValue[]): S {
    if (this.names.length === 0 && values.length === 0) return this.single();
    const known = this.normalizes ? undefined : this.trie.find(values as readonly string[]);
    return known !== undefined && values.length === this.names.length ? known : this.admit(values);
  }

  private admit(given: readonly unknown[]): S {
    const values = this.guard.admit(given);
    if (values === undefined) return this.refuse();
    return this.trie.find(values) ?? this.add(values, this.create());
  }

  private add(values: readonly string[], series: S): S {
    if (this.trie.size >= this.definition.limit) return this.refuse();
    if (series.state === REMOVED) series.begin();
    series.state = WRITTEN;
    series.addedIn = this.walks;
    this.trie.put(values, series);
    return series;
  }

  private refuse(): S {
    const first = this.overflow === undefined;
    this.overflow ??= this.create();
    this.host.refused(this.definition.name, first);
    return this.overflow;
  }

  /** Brings a removed series back, because somebody who holds it writes to it. */
  revive(series: S): S {
    const values = tupleOf(series);
    const other = this.trie.find(values);
    if (other === undefined) return this.add(values, series);
    // The labels were used again meanwhile. Whoever wrote last holds the place, and the count moves with it.
    series.takeOver(other);
    series.addedIn = other.addedIn;
    retire(other);
    series.state = WRITTEN;
    this.trie.put(values, series);
    return series;
  }

  /** Makes the series of these labels, so that they are exposed before the first write. */
  init(...combinations: readonly Labels[]): void {
    for (const labels of combinations) this.at(labels);
  }

  /**
   * Takes out the series that have all of the given label values.
   *
   * @returns how many there were
   */
  remove(labels: Labels): number {
    const wanted = Object.entries(labels).map(([name, value]) => this.matcher(name, value));
    const found = this.list().filter((series) => {
      const tuple = tupleOf(series);
      return wanted.every(([index, text]) => tuple[index] === text);
    });
    for (const series of found) this.drop(series);
    return found.length;
  }

  private matcher(name: string, value: unknown): readonly [number, string] {
    const index = this.names.indexOf(name);
    if (index < 0) throw new TypeError(`${this.definition.name} has no label '${name}'`);
    return [index, this.guard.read(value, index)];
  }

  /** Takes out all series; one without labels starts again at zero. */
  reset(): void {
    for (const series of this.list()) this.drop(series);
    this.only?.begin();
    this.overflow?.begin();
  }

  private drop(series: S): void {
    this.trie.delete(series);
    retire(series);
  }

  /** Takes out the series that nobody has written to for `ttlMs`. */
  sweep(): void {
    const { ttlMs } = this.definition;
    if (ttlMs === Infinity) return;
    const nowMs = this.host.clock.now();
    for (const series of this.list()) {
      if (series.state === WRITTEN) {
        series.state = IDLE;
        series.writtenAtMs = nowMs;
      } else if (nowMs - series.writtenAtMs >= ttlMs) this.drop(series);
    }
  }

  private list(): S[] {
    return this.names.length === 0 ? [] : [...this.trie.groups()].flatMap((group) => [...group.values()]);
  }

  /**
   * Begins a walk through the groups that others may interrupt. Series removed and added again meanwhile would be met
   * twice; they are those whose `addedIn` is not below the number of the walk.
   */
  startWalk(): number {
    return ++this.walks;
  }

  /** All series in groups, each of which is quick to walk. */
  *groups(): Generator<Iterable<S>> {
    if (this.names.length === 0) yield [this.single()];
    else for (const group of this.trie.groups()) yield group.values();
    if (this.overflow !== undefined) yield [this.overflow];
  }

  /** The labels of a series as the text formats write them. */
  textOf(series: S): string {
    return (series.text ??= this.writeLabels(this.labelsOf(series)));
  }

  protected writeLabels(labels: Readonly<Record<string, string>>): string {
    return labelText(labels);
  }

  /** The labels of a series, by name. */
  labelsOf(series: S): Record<string, string> {
    if (series === this.overflow) return { [OVERFLOW_LABEL]: 'true' };
    if (this.names.length === 0) return {};
    const values = tupleOf(series);
    const labels: Record<string, string> = {};
    for (let i = 0; i < values.length; i++) labels[this.names[i] as string] = values[i] as string;
    return labels;
  }
}

function retire<S extends Series<S>>(series: S): void {
  series.zero();
  series.state = REMOVED;
}
