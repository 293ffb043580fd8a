import type { Shape } from './shape';

/**
 * What issuers begin their tokens with. A test holds the list to secretlint's rules (docs/adr/0014): whatever those report is
 * taken out here.
 *
 * A token is one also where letters or digits stand before or after it, so each beginning is one that no word ends with, or what
 * follows must look made by a machine. Four signs stand by chance in one of some 400,000 hashes in base64url, so more must follow
 * them than a hash has, or fewer signs be allowed.
 */
const WORD = '[A-Za-z0-9]';
const DASHED = '[A-Za-z0-9_-]';
const HEX = '[0-9A-Fa-f]';
const BASE64 = '[A-Za-z0-9+/=]';

/** Kind, beginning, characters that follow it, and the least number of them. */
const ISSUED: readonly (readonly [kind: string, begins: string, of: string, least: number])[] = [
  ['google-api-key', 'AIza', DASHED, 35],
  ['google-oauth-token', '(?:ya29\\.|AMf-v)', '[0-9A-Za-z_.-]', 20],
  ['google-oauth-secret', 'GOCSPX-', DASHED, 20],
  ['github-token', 'gh[pousr]_', WORD, 36],
  ['github-token', 'ghs_\\d{1,20}_', '[A-Za-z0-9_.-]', 36],
  ['github-token', 'github_pat_', '[A-Za-z0-9_]', 22],
  ['gitlab-token', 'gl(?:pat|ptt|dt|rt|oas|soat|cbt|ft|imt|agent|ffct)-', DASHED, 20],
  ['gitlab-token', 'GR1348941', DASHED, 20],
  ['slack-token', '(?:xox[a-z](?:\\.xox[a-z])?|xapp|xwfp)-', '[A-Za-z0-9%+/=-]', 10],
  ['aws-session-token', '(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)', '[A-Za-z0-9+/=%]', 16],
  ['stripe-key', 'whsec_', '[0-9A-Za-z_+/=]', 16],
  ['stripe-key', '[sre]k_(?:live|test|org)_(?=[A-Za-z]{0,99}[0-9])', WORD, 16],
  ['stripe-key', '(?:pi|seti|cs)_[0-9A-Za-z_]{8,80}_secret_', WORD, 16],
  ['npm-token', 'npm_', WORD, 36],
  ['npm-token', '_authToken=', '[^\\s$"\']', 8],
  ['sendgrid-key', 'SG\\.[A-Za-z0-9_-]{16,64}\\.', DASHED, 16],
  ['sendinblue-key', 'xkeysib-', HEX, 32],
  // Behind a word that ends so (`task-proj-…`) only what a machine made.
  ['api-key', 'sk-(?:ant|proj|svcacct|admin)-(?=[\\w-]{0,60}[0-9])(?=[\\w-]{0,60}[A-Z])', DASHED, 20],
  ['api-key', 'sk-or-v1-', HEX, 32],
  ['api-key', 'sk-(?=[A-Za-z]{0,47}[0-9])(?=[a-z0-9]{0,47}[A-Z])', WORD, 48],
  ['hugging-face-token', 'hf_', '[A-Za-z]', 30],
  ['hugging-face-token', 'api_org_', WORD, 30],
  ['vault-token', 'hv[sbr]\\.', DASHED, 20],
  ['pypi-token', 'pypi-AgE', DASHED, 20],
  ['digitalocean-token', 'do[opr]_v1_', HEX, 32],
  ['shopify-token', 'shp[a-z]{2,4}_', WORD, 32],
  ['groq-key', 'gsk_', WORD, 40],
  ['linear-key', 'lin_(?:api|oauth)_', WORD, 32],
  ['notion-token', 'ntn_', WORD, 40],
  ['grafana-token', 'glc_', BASE64, 32],
  ['grafana-token', 'glsa_', '[A-Za-z0-9_]', 32],
  ['1password-token', 'ops_eyJ', '[A-Za-z0-9+/=_-]', 40],
  ['age-key', 'AGE-SECRET-KEY-1', '[0-9A-Z]', 40],
  ['vercel-token', '(?:(?<![A-Za-z0-9_-])vc[piark]_|vc[piark]_(?=[A-Za-z0-9]{40}))', WORD, 20],
  ['databricks-token', 'dapi', '[0-9A-Fa-f-]', 32],
  ['docker-token', 'dckr_(?:pat|oat)_', DASHED, 20],
  ['figma-token', 'fig[du]_', DASHED, 36],
  ['atlassian-token', 'ATATT3', '[A-Za-z0-9_=-]', 40],
  ['atlassian-token', 'ATCTT3', '[A-Za-z0-9_=-]', 40],
  ['postman-key', 'PMAK-', '[0-9A-Fa-f-]', 40],
  ['new-relic-key', 'NRAK-', WORD, 27],
  ['planetscale-token', 'pscale_(?:tkn|pw|oauth)_', '[A-Za-z0-9_.=-]', 32],
  ['pulumi-token', 'pul-', HEX, 40],
  ['rubygems-token', 'rubygems_', HEX, 40],
  ['sentry-token', 'sntrys_eyJ', '[A-Za-z0-9+/=_-]', 40],
  ['sentry-token', 'sntryu_', HEX, 40],
  ['square-token', 'sq0(?:atp|csp|idp)-', DASHED, 22],
  ['doppler-token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.', '[A-Za-z0-9._-]', 40],
  ['dynatrace-token', 'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.', '[A-Z0-9]', 40],
  ['terraform-token', '[A-Za-z0-9]{14}\\.atlasv1\\.', DASHED, 40],
  ['fly-token', 'fm[12][ar]?_', '[A-Za-z0-9+/=_,-]', 40],
  ['cloudflare-key', 'cf(?:k|ut|at)_', WORD, 40],
  ['cloudflare-key', 'v1\\.0-[0-9a-f]{24}-', HEX, 64],
  ['facebook-token', 'EAA(?:CEdE|MC)', WORD, 40],
  ['airtable-token', 'pat[A-Za-z0-9]{14}\\.', HEX, 64],
  ['tailscale-key', 'tskey-[a-z]{2,20}-', DASHED, 16],
  ['artifactory-key', 'AKCp', WORD, 60],
  ['supabase-token', 'sbp_', HEX, 40],
  ['supabase-token', 'sb_secret_', DASHED, 20],
];

/** The whole expression of a line: a match ends only where its characters do, so none is walked twice. */
const shapeOf = ([kind, begins, of, least]: (typeof ISSUED)[number]): Shape => ({
  kind,
  shape: new RegExp(`${begins}${of}{${least},}`, 'gu'),
});

export const ISSUER_TOKENS: readonly Shape[] = [
  ...ISSUED.map(shapeOf),
  // Muster's own: what signs its log, as C2SP signed-note writes it.
  { kind: 'signing-key', shape: /PRIVATE[+ ]KEY[+ ][^\s+]{1,200}[+ ][0-9a-f]{8}[+ ][A-Za-z0-9+/=]{4,}/gu },
  {
    kind: 'discord-token',
    shape: /(?:mfa\.[\w-]{60,}|[MNO][A-Za-z\d_-]{22,28}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,})/gu,
  },
  {
    kind: 'discord-webhook',
    shape: /discord(?:app)?\.com(?:\/|%2F)api(?:\/|%2F)webhooks(?:\/|%2F)[A-Za-z0-9/%_-]+/giu,
  },
  // The number of a bot, and 35 characters, of which the first two have always been these.
  { kind: 'telegram-token', shape: /\d{6,16}(?::|%3A)AA[A-Za-z0-9_-]{30,}/gu },
  {
    kind: 'teams-webhook',
    shape: /[a-z0-9-]{1,60}\.webhook\.office\.com(?:\/|%2F)webhookb2(?:\/|%2F)[A-Za-z0-9/%@_-]+/giu,
  },
  // Whoever has such an address needs nothing else: Google Cloud, AWS, CloudFront, a shared access signature of Azure.
  {
    kind: 'signed-url',
    shape:
      /(?<![A-Za-z0-9])(?:X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)|Signature|sig)(?:=|%3D)[A-Za-z0-9%/+=_~.-]{16,}/giu,
  },
  { kind: 'shared-access-key', shape: /SharedAccess(?:Key|Signature)\s?=\s?[^\s;"']{8,}/giu },
];
