/** What is taken out of texts, and the kind that its mark says. */
export interface Shape {
  kind: string;
  shape: RegExp;
  /** How many of the characters that were found are it: what no expression can tell, such as a check digit. 0: none. */
  holds?: (found: string) => number;
}
