import { format, resolveConfig } from 'prettier';
import packageJson from '../../package.json';
import { openApiDocument } from './openapi';
import { capabilitiesPage } from './capabilities-page';
import { apiPage } from './page';

/** The generated documents, by their path in the repository, formatted as the repository is. */
export const generatedDocuments = async (): Promise<{ path: string; content: string }[]> => {
  const options = (await resolveConfig('docs/api.md')) ?? {};
  return [
    {
      path: 'docs/openapi.json',
      content: await format(JSON.stringify(openApiDocument(packageJson.version)), { ...options, parser: 'json' }),
    },
    { path: 'docs/api.md', content: await format(apiPage(), { ...options, parser: 'markdown' }) },
    { path: 'docs/capabilities.md', content: await format(capabilitiesPage(), { ...options, parser: 'markdown' }) },
  ];
};
