import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { badUsage } from '@muster/client/failure';
import { DEMO_ACCOUNTS } from '../repository';

const accounts = z.array(z.object({ role: z.string(), email: z.string(), password: z.string() }));

/** The demo account of a role, as the seed wrote it down. Its password is public: emulators only. */
export const demoAccount = (role: string, file: string = DEMO_ACCOUNTS): { email: string; password: string } => {
  const known = accountsIn(file);
  const account = known.find((one) => one.role === role);
  if (account) return { email: account.email, password: account.password };
  throw badUsage(
    `There is no demo account for "${role}".`,
    known.length === 0
      ? 'Make the demo accounts: npm run seed.'
      : `There is one for ${known.map((one) => one.role).join(', ')}.`,
  );
};

const accountsIn = (file: string): z.infer<typeof accounts> => {
  try {
    return accounts.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
};
