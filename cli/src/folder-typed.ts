/**
 * The folder in which a command was typed, where that is not the one it runs in: `npm run muster` moves to the checkout's root, and says in
 * `INIT_CWD` where it was. Only for that script itself: what another script starts has its own folder, and inherits the variable.
 */
export const folderTyped = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  env['npm_lifecycle_event'] === 'muster' ? env['INIT_CWD'] : undefined;
