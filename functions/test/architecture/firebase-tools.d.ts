/** What a deploy packs its files by; the package brings no types. */
declare module 'firebase-tools/lib/fsAsync' {
  export const readdirRecursive: (asked: { path: string; ignore: string[] }) => Promise<{ name: string }[]>;
}
