import type { CompiledRule } from './compiled-rule.ts';
import { withoutAttribute, wholesOf } from './forbidden-refs.ts';
import { literalPrefix } from './glob.ts';

/** The rules whose patterns of references begin with the same characters. */
export class Shelf {
  readonly prefix: string;
  /** The shelf with the longest prefix that this one's begins with. */
  readonly shorter: Shelf | undefined;
  readonly rules: CompiledRule[] = [];

  constructor(prefix: string, shorter: Shelf | undefined) {
    this.prefix = prefix;
    this.shorter = shorter;
  }
}

/** Goes from a shelf to the first one whose prefix a reference begins with. */
function shelfFor(ref: string, shelf: Shelf | undefined): Shelf | undefined {
  while (shelf !== undefined && !ref.startsWith(shelf.prefix)) shelf = shelf.shorter;
  return shelf;
}

/** Rules by the beginnings of their references: those that may fit are found without looking at the others. */
class RefIndex {
  /** In the order of their prefixes. */
  private readonly shelves: Shelf[] = [];
  /** By a thing, those that forbid parts of it: not at its prefix, where all that is below would meet them. */
  private readonly wholes = new Map<string, Shelf>();

  constructor(rules: readonly CompiledRule[]) {
    const byPrefix = new Map<string, Set<CompiledRule>>();
    const put = (rule: CompiledRule, prefix: string) =>
      byPrefix.set(prefix, (byPrefix.get(prefix) ?? new Set()).add(rule));
    for (const rule of rules) {
      for (const ref of rule.source.refs) put(rule, literalPrefix(ref));
      for (const whole of rule.denies ? new Set(rule.source.refs.flatMap(wholesOf)) : []) {
        if (whole.includes('*')) put(rule, literalPrefix(whole));
        else this.partsOf(whole).rules.push(rule);
      }
    }
    for (const prefix of [...byPrefix.keys()].sort()) {
      const shelf = new Shelf(prefix, shelfFor(prefix, this.shelves.at(-1)));
      shelf.rules.push(...(byPrefix.get(prefix) ?? []));
      this.shelves.push(shelf);
    }
  }

  /**
   * The shelf with the longest prefix that a reference begins with; the others follow as `shorter`. Whatever stands
   * between a prefix of the reference and the reference itself in their order begins with that prefix, so all of them
   * are found behind the last shelf that is not above the reference.
   */
  find(ref: string): Shelf | undefined {
    let low = 0;
    let high = this.shelves.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.shelves[middle] as Shelf).prefix <= ref) low = middle + 1;
      else high = middle;
    }
    return shelfFor(ref, this.shelves[low - 1]);
  }

  /** The rules that forbid a part of a thing. */
  findParts(thing: string): Shelf | undefined {
    return this.wholes.get(thing);
  }

  private partsOf(whole: string): Shelf {
    const shelf = this.wholes.get(whole) ?? new Shelf(whole, undefined);
    this.wholes.set(whole, shelf);
    return shelf;
  }
}

/** Finds the rules that may fit a request, by its tenant and the beginning of its reference. */
export class RuleIndex {
  private readonly tenants = new Map<string, RefIndex>();
  /** Rules for tenants by pattern. */
  private readonly others: RefIndex;

  constructor(rules: readonly CompiledRule[]) {
    const byTenant = new Map<string, Set<CompiledRule>>();
    const others = new Set<CompiledRule>();
    for (const rule of rules) {
      for (const tenant of rule.source.tenants) {
        if (tenant.includes('*')) others.add(rule);
        else byTenant.set(tenant, (byTenant.get(tenant) ?? new Set()).add(rule));
      }
    }
    for (const [tenant, own] of byTenant) this.tenants.set(tenant, new RefIndex([...own]));
    this.others = new RefIndex([...others]);
  }

  /** The shelves with every rule that may fit, some of them twice; each is followed by its shorter ones. */
  find(tenant: string, ref: string): readonly (Shelf | undefined)[] {
    const thing = withoutAttribute(ref);
    const own = this.tenants.get(tenant);
    return [own?.find(ref), own?.findParts(thing), this.others.find(ref), this.others.findParts(thing)];
  }
}
