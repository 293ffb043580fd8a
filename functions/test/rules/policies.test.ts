import { decideOnPolicy } from '@muster/guard/decision';
import { forbidding, permitting } from './policies';

const about = { capability: 'shipping.commit.force.now', uid: 'uid-one' };
const decide = (stored: unknown) =>
  decideOnPolicy({ capability: about.capability, actor: about.uid }, 'write', stored, new Date());

test.each(Object.keys(permitting(about)))('the guard decides as the rules must: allowed under %s', (name) => {
  expect(decide(permitting(about)[name])).toEqual(expect.objectContaining({ allowed: true }));
});

test.each(Object.keys(forbidding(about)))('the guard decides as the rules must: refused under %s', (name) => {
  expect(decide(forbidding(about)[name])).toEqual(expect.objectContaining({ allowed: false }));
});
