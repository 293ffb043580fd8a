/** The door against a rule set that others keep (docs/adr/0014): whatever secretlint reports is taken out, and each of its messages is tried. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { redactText } from '../src/redaction/redaction';
import { DIGITS, Generator, HEX, joined, LOWER, UPPER } from './planted-secrets';

/** No secrets of their own: an account's number, a file of bytes, and a word of secretlint's. */
const NO_SECRETS = ['AWSAccountID', 'PrivateKeyP12', 'IGNORE_MESSAGE'];

const make = new Generator(20_261_127);
const keyLines = ['MIIEvQIBADANBgkqhkiG9w0B', make.made(64), make.made(64), make.made(64)];
const key = `-----BEGIN PRIVATE KEY-----\n${keyLines.join('\n')}\n-----END PRIVATE KEY-----\n`;

/** Its base64 ends with the end of the object only at some lengths. */
const onePassword = [0, 1, 2]
  .map((more) => JSON.stringify({ signInAddress: 'x', secretKey: make.made(120 + more) }))
  .map((token) => Buffer.from(token).toString('base64'))
  .find((token) => /fQ={0,2}$/u.test(token));

/** A secret for each message, beside what may stand there. In parts, so that no scanner takes this file for a leak. */
const SECRETS: Record<string, string> = {
  AWSSecretAccessKey: `AWS_SECRET_ACCESS_KEY = ${make.made(40)}`,
  AWSAccessKeyID: `${joined('AK', 'IA')}${make.of(UPPER, 16)}`,
  PrivateKeyJSON: JSON.stringify({
    type: 'service_account',
    project_id: 'demo',
    private_key_id: make.of(HEX, 40),
    private_key: key,
    client_email: 'x@demo.iam.gserviceaccount.com',
    client_id: make.of(DIGITS, 21),
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
  }),
  PrivateKey: key,
  PackageJSON_xOauthToken: `https://${make.made(40)}:x-oauth-basic@github.com/a/b.git`,
  Npmrc_authToken: `//registry.example/:_authToken=${make.made(36)}`,
  NPM_ACCESS_TOKEN: `${joined('np', 'm_')}${make.made(36)}`,
  BasicAuth: `https://ada:${make.made(12)}@example.com/`,
  SLACK_TOKEN: `${joined('xo', 'xb')}-${make.of(DIGITS, 12)}-${make.of(DIGITS, 13)}-${make.made(24)}`,
  IncomingWebhook: `https://${joined('hooks', '.slack')}.com/services/T${make.made(8)}/B${make.made(8)}/${make.made(24)}`,
  SENDGRID_KEY: `${joined('S', 'G.')}${make.made(22)}.${make.made(43)}`,
  SHOPIFY_KEY: `${joined('sh', 'pat')}_${make.of(HEX, 32)}`,
  GITHUB_TOKEN: `${joined('gh', 'p_')}${make.made(36)}`,
  GITLAB_PERSONAL_ACCESS_TOKEN: `${joined('gl', 'pat')}-${make.made(20)}`,
  GRAFANA_CLOUD_API_TOKEN: `${joined('gl', 'c_')}${Buffer.from(JSON.stringify({ o: '1', n: 'x', k: make.made(24), m: { r: 'us' } })).toString('base64')}`,
  GRAFANA_SERVICE_ACCOUNT_TOKEN: `${joined('gl', 'sa_')}${make.made(32)}_${make.of(HEX, 8)}`,
  OPENAI_TOKEN: `${joined('sk', '-proj-')}${make.made(74)}T3BlbkFJ${make.made(74)}`,
  ANTHROPIC_API_KEY: `${joined('sk', '-ant-')}api03-${make.made(93)}AA`,
  GROQ_API_KEY: `${joined('gs', 'k_')}${make.made(52)}`,
  HUGGINGFACE_USER_ACCESS_TOKEN: `${joined('h', 'f_')}${make.of(UPPER + LOWER, 34)}`,
  LINEAR_API_TOKEN: `${joined('lin', '_api_')}${make.made(40)}`,
  NOTION_INTEGRATION_TOKEN: `${joined('nt', 'n_')}${make.of(DIGITS, 11)}${make.made(35)}`,
  OPS_TOKEN: `${joined('op', 's_')}${onePassword}`,
  MongoDBConnection: `mongodb://ada:${make.made(12)}@db.internal.net:27017/app`,
  MySQLConnection: `mysql://ada:${make.made(12)}@db.internal.net:3306/app`,
  PostgreSQLConnection: `postgres://ada:${make.made(12)}@db.internal.net:5432/app`,
  HASHICORP_VAULT_SERVICE_TOKEN: `${joined('hv', 's.')}${make.made(95)}`,
  HASHICORP_VAULT_BATCH_TOKEN: `${joined('hv', 'b.')}${make.made(160)}`,
  HASHICORP_VAULT_RECOVERY_TOKEN: `${joined('hv', 'r.')}${make.made(95)}`,
  VERCEL_PERSONAL_ACCESS_TOKEN: `${joined('vc', 'p_')}${make.made(56)}`,
  VERCEL_INTEGRATION_TOKEN: `${joined('vc', 'i_')}${make.made(56)}`,
  VERCEL_APP_ACCESS_TOKEN: `${joined('vc', 'a_')}${make.made(56)}`,
  VERCEL_APP_REFRESH_TOKEN: `${joined('vc', 'r_')}${make.made(56)}`,
  VERCEL_AI_GATEWAY_API_KEY: `${joined('vc', 'k_')}${make.made(56)}`,
  DATABRICKS_PERSONAL_ACCESS_TOKEN: `${joined('da', 'pi')}${make.of(HEX, 32)}`,
  DOCKER_PERSONAL_ACCESS_TOKEN: `${joined('dc', 'kr_pat_')}${make.made(27)}`,
  STRIPE_SECRET_KEY_LIVE: `${joined('sk', '_live')}_${make.made(24)}`,
  STRIPE_SECRET_KEY_TEST: `${joined('sk', '_test')}_${make.made(99)}`,
  STRIPE_RESTRICTED_KEY_LIVE: `${joined('rk', '_live')}_${make.made(24)}`,
  STRIPE_RESTRICTED_KEY_TEST: `${joined('rk', '_test')}_${make.made(24)}`,
  CLOUDFLARE_GLOBAL_API_KEY: `${joined('cf', 'k_')}${make.made(40)}${make.of(HEX, 8)}`,
  CLOUDFLARE_USER_API_TOKEN: `${joined('cf', 'ut_')}${make.made(40)}${make.of(HEX, 8)}`,
  CLOUDFLARE_ACCOUNT_API_TOKEN: `${joined('cf', 'at_')}${make.made(40)}${make.of(HEX, 8)}`,
  ...Object.fromEntries(
    ['api', 'auth', 'client', 'scim', 'webhook'].map((type) => [
      `TAILSCALE_${type.toUpperCase()}_KEY`,
      `${joined('ts', 'key')}-${type}-${make.made(12)}-${make.made(32)}`,
    ]),
  ),
  TAILSCALE_KEY: `${joined('ts', 'key')}-other-${make.made(12)}-${make.made(32)}`,
  FIGMA_PERSONAL_ACCESS_TOKEN: `${joined('fi', 'gd_')}${make.made(44)}`,
};

/** Where a secret may stand, so that secretlint still knows it. */
const AROUND = [(text: string) => text, (text: string) => `see ${text} there`, (text: string) => `"${text}"`];

const saysOf = (texts: string[]): { known: string[]; reported: string[][] } =>
  z.strictObject({ known: z.array(z.string()), reported: z.array(z.array(z.string())) }).parse(
    JSON.parse(
      execFileSync(process.execPath, [join(__dirname, 'secretlint-reports.mjs')], {
        input: JSON.stringify(texts),
        encoding: 'utf8',
        maxBuffer: 10 * 1024 * 1024,
      }),
    ),
  );

const texts = Object.values(SECRETS).flatMap((secret) => AROUND.map((around) => around(secret)));
const before = saysOf(texts);

test('every message of secretlint is tried, or is of no secret', () => {
  expect([...Object.keys(SECRETS), ...NO_SECRETS].toSorted()).toEqual([...new Set(before.known)].toSorted());
});

test('secretlint reports each secret as what it stands for here', () => {
  const silent = Object.keys(SECRETS).filter(
    (message, index) => !before.reported[index * AROUND.length]?.includes(message),
  );
  expect(silent).toEqual([]);
});

test('what secretlint reports is taken out: it has nothing to report of what is left', () => {
  const after = saysOf(texts.map((text) => redactText(text)));
  expect(after.reported.flatMap((messages, index) => messages.map((message) => `${message}: ${texts[index]}`))).toEqual(
    [],
  );
});
