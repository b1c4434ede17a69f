/** What is wrong with one variable. */
export interface ConfigProblem {
  readonly variable: string;
  /** The rule that it breaks; never what it is. */
  readonly problem: string;
}

/** The configuration cannot be used. Tells everything that is wrong with it at once, and no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
    super(['The configuration cannot be used:', ...lines].join('\n'));
    this.problems = problems;
  }
}
