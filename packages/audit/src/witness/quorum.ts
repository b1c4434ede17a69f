/** Which witnesses have to have cosigned: none, one, or `threshold` members of a group. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** How many members have to be met, from 1 to all of them. */
      readonly threshold: number;
      readonly members: readonly Quorum[];
    };

/**
 * Whether the witnesses that cosigned are enough.
 *
 * @param cosigned - the names, as the policy has them, of the witnesses whose cosignatures were verified
 *
 * @example
 * ```ts
 * import { parsePolicy, quorumMet } from '@holdfast/audit';
 *
 * const { quorum } = parsePolicy('quorum none\n');
 * console.log(quorumMet(quorum, new Set())); // true
 * ```
 */
export function quorumMet(quorum: Quorum, cosigned: ReadonlySet<string>): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return cosigned.has(quorum.name);
    case 'group':
      return quorum.members.filter((member) => quorumMet(member, cosigned)).length >= quorum.threshold;
  }
}
