/** What is taken out of texts, and the kind that its mark says. */
export interface Shape {
  kind: string;
  shape: RegExp;
}
