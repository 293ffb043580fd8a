import { helpersFile, markedIn, musterRules } from './rules-files';

test('what a host copies is what guards in the rules of Muster, byte for byte', () => {
  const marked = markedIn(helpersFile());
  expect(marked).toBe(markedIn(musterRules()));
  for (const name of ['allows(capability)', 'writable()']) expect(marked).toContain(`function ${name} {`);
});

test('the file is comments, and then the section that is to be copied', () => {
  const [header, rest] = helpersFile().split(markedIn(helpersFile()));
  expect(header?.trim().split('\n')).toEqual(
    expect.arrayContaining([expect.stringContaining("allow create: if signedIn() && allows('shipping.commit')")]),
  );
  for (const line of header?.trim().split('\n') ?? []) expect(line).toMatch(/^\/\//u);
  expect(rest?.trim()).toBe('');
});

test.each([
  ['no mark', 'a\nb'],
  ['no end', '  // <muster-helpers> x\nb'],
  ['ends before it begins', '// </muster-helpers>\n// <muster-helpers>'],
  ['two sections', '// <muster-helpers>\n// </muster-helpers>\n// <muster-helpers>\n// </muster-helpers>'],
])('rules with %s have no section to compare', (_, rules) => {
  expect(() => markedIn(rules)).toThrow('not one marked section');
});

test('all of Muster stands in one block: around it is nothing but what each file of rules has', () => {
  const around = musterRules().replace(markedIn(musterRules(), 'muster'), '');
  const lines = around.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('//'));
  expect(lines).toEqual(["rules_version = '2';", 'service cloud.firestore {', '}']);
});
