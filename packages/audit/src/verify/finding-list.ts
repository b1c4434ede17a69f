import type { Finding } from './finding.ts';

/** Findings up to a number; what is damaged as a whole would have one for each entry. */
export class FindingList {
  readonly list: Finding[] = [];
  truncated = false;
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  readonly add = (finding: Finding): void => {
    if (this.list.length < this.max) this.list.push(finding);
    else this.truncated = true;
  };
}
