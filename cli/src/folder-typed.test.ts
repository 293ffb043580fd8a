import { folderTyped } from './folder-typed';

test.each([
  ['npm run muster', { npm_lifecycle_event: 'muster', INIT_CWD: '/home/ada' }, '/home/ada'],
  ['another script of npm, which starts it', { npm_lifecycle_event: 'test', INIT_CWD: '/home/ada' }, undefined],
  ['npx, which stays where it is', { npm_lifecycle_event: 'npx', INIT_CWD: '/home/ada' }, undefined],
  ['no npm', {}, undefined],
])('%s', (_, env, folder) => {
  expect(folderTyped(env)).toBe(folder);
});
