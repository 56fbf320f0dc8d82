/** One value of a new site: a flag, and a question on a terminal. */
export interface Question {
  readonly flag: string;
  /** Where the value stands in the site values. */
  readonly place: string;
  readonly question: string;
  /** A value that would do, shown as an example. */
  readonly example: string;
  /** @default - the value has to be given */
  readonly fallback?: string;
}

/** The value of each flag. */
export type Answers = Readonly<Record<string, string>>;
