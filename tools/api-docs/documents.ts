import { format, resolveConfig } from 'prettier';
import packageJson from '../../package.json';
import { openApiDocument } from './openapi';
import { capabilitiesPage } from './capabilities-page';
import { apiPage } from './page';
import { rosterRulesFrom } from './roster-rules';

/** The generated documents, by their path in the repository, formatted as the repository is; the rules are made of `rules`. */
export const generatedDocuments = async (rules: string): Promise<{ path: string; content: string }[]> => {
  const options = (await resolveConfig('docs/api.md')) ?? {};
  return [
    {
      path: 'docs/openapi.json',
      content: await format(JSON.stringify(openApiDocument(packageJson.version)), { ...options, parser: 'json' }),
    },
    { path: 'docs/api.md', content: await format(apiPage(), { ...options, parser: 'markdown' }) },
    { path: 'firestore.roster.rules', content: rosterRulesFrom(rules) },
    { path: 'docs/capabilities.md', content: await format(capabilitiesPage(), { ...options, parser: 'markdown' }) },
  ];
};
