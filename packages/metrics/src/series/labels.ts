/** What a label may be given as. A number counts as its decimal text, so `200` and `'200'` are the same series. */
export type LabelValue = string | number;

/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, LabelValue>>;

/** The names of an instrument's labels, in order. */
export type LabelNames = readonly string[];

/** Closed sets of values, by label. */
export type ValueSets = Readonly<Record<string, readonly string[]>>;

type ValueOf<Name, Sets> = Name extends keyof Sets
  ? Sets[Name] extends readonly (infer Value)[]
    ? Value
    : LabelValue
  : LabelValue;

/** The labels that an instrument takes as an object. */
export type LabelsOf<Names extends LabelNames, Sets> = {
  readonly [Name in Names[number]]: ValueOf<Name, Sets>;
};

/** The labels that an instrument takes by position. */
export type ValuesOf<Names extends LabelNames, Sets> = {
  readonly [Index in keyof Names]: ValueOf<Names[Index], Sets>;
};

/** Labels first where there are any, then the rest. */
export type LabelledArgs<
  Names extends LabelNames,
  Sets,
  Rest extends readonly unknown[],
> = Names extends readonly [] ? Rest : readonly [labels: LabelsOf<Names, Sets>, ...rest: Rest];
