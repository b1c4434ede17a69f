/** What a call was given to tell it apart by: `host`, `tenant`, `tool`. */
export type Attributes = Readonly<Record<string, string>>;
