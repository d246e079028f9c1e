/**
 * Keys of clouds, hosting and infrastructure.
 * Formats re-expressed after the rules of gitleaks (MIT, see NOTICE.md), with lower minimum lengths: output is cut.
 */
import type { TokenFormat } from './rule.ts';

export const cloudFormats: readonly TokenFormat[] = [
  {
    name: 'aws-key-id',
    keywords: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?<![A-Za-z0-9/]|[^\n]\+)(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
  },
  // The secret half beside its id, as in credential files of CSV or two columns, where no name says what it is.
  {
    name: 'aws-secret-key',
    keywords: ['AKIA', 'ASIA'],
    pattern: /(?<![A-Za-z0-9/]|[^\n]\+)A[KS]IA[A-Z0-9]{16}[\s,;:|"'`]{1,8}([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/,
    random: true,
  },
  { name: 'aws-bedrock-key', keywords: ['ABSK'], pattern: /(?<![A-Za-z0-9/]|[^\n]\+)ABSK[A-Za-z0-9+/]{100,300}={0,2}/ },
  { name: 'google-api-key', keywords: ['AIza'], pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,40}/ },
  { name: 'google-oauth', keywords: ['ya29.'], pattern: /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,1024}/ },
  { name: 'google-oauth', keywords: ['GOCSPX-'], pattern: /GOCSPX-[A-Za-z0-9_-]{20,40}/ },
  { name: 'google-oauth', keywords: ['1//0'], pattern: /(?<![A-Za-z0-9])1\/\/0[A-Za-z0-9_-]{40,256}/, random: true },
  {
    name: 'azure-client-secret',
    keywords: ['Q~'],
    pattern: /(?<=(?<![A-Za-z0-9_~.]|[^\n]-)[A-Za-z0-9_~.]{3}\d)Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/,
  },
  {
    name: 'azure-signature',
    keywords: ['?sig=', '&sig=', ';sig='],
    pattern: /[?&;]sig=([A-Za-z0-9%+/=_-]{20,256})/,
  },
  {
    name: 'signed-url',
    keywords: ['Signature='],
    pattern: /(?<=[?&]|X-Amz-|X-Goog-)Signature=([A-Za-z0-9%+/=_~-]{16,1024})/,
  },
  {
    name: 'alibaba-key-id',
    keywords: ['LTAI'],
    pattern: /(?<![A-Za-z0-9/]|[^\n]\+)LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])/,
  },
  {
    name: 'digitalocean-token',
    keywords: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /do[opr]_v1_[a-f0-9]{32,64}/,
  },
  {
    name: 'vault-token',
    keywords: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{20,300}/,
    random: true,
  },
  {
    name: 'terraform-token',
    keywords: ['.atlasv1.'],
    pattern: /(?<=[A-Za-z0-9]{14})\.atlasv1\.([A-Za-z0-9_=-]{32,128})/,
  },
  { name: 'pulumi-token', keywords: ['pul-'], pattern: /(?<![A-Za-z0-9])pul-[a-f0-9]{40}/ },
  { name: 'doppler-token', keywords: ['dp.'], pattern: /(?<![A-Za-z0-9.])dp\.[a-z]{2,6}\.[A-Za-z0-9._-]{30,80}/ },
  { name: 'databricks-token', keywords: ['dapi'], pattern: /(?<![A-Za-z0-9])dapi[a-f0-9]{32}(?:-\d{1,2})?/ },
  { name: 'netlify-token', keywords: ['nfp_'], pattern: /(?<![A-Za-z0-9])nfp_[A-Za-z0-9_]{30,64}/ },
  { name: 'fly-token', keywords: ['fo1_'], pattern: /(?<![A-Za-z0-9])fo1_[A-Za-z0-9_-]{40,64}/ },
  {
    name: 'fly-token',
    keywords: ['fm1', 'fm2_'],
    pattern: /(?<![A-Za-z0-9])fm(?:1[ar]|2)_[A-Za-z0-9+/=,_-]{80,2048}/,
  },
  { name: 'heroku-key', keywords: ['HRKU-'], pattern: /HRKU-[A-Za-z0-9_-]{30,80}/ },
  { name: 'supabase-key', keywords: ['sbp_'], pattern: /(?<![A-Za-z0-9])sbp_(?:v0_)?[a-f0-9]{40}/ },
  { name: 'supabase-key', keywords: ['sb_secret_'], pattern: /sb_secret_[A-Za-z0-9_-]{20,80}/ },
  { name: 'planetscale-token', keywords: ['pscale_'], pattern: /pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}/ },
  {
    name: 'tailscale-key',
    keywords: ['tskey-'],
    pattern: /tskey-[a-z]{2,16}-[A-Za-z0-9]{6,32}(?:-[A-Za-z0-9]{16,64})?/,
  },
  { name: 'cloudflare-key', keywords: ['v1.0-'], pattern: /(?<![A-Za-z0-9])v1\.0-[a-f0-9]{24}-[a-f0-9]{100,160}/ },
  { name: 'newrelic-key', keywords: ['NRAK-'], pattern: /NRAK-[A-Z0-9]{24,32}/ },
  {
    name: 'age-key',
    keywords: ['AGE-SECRET-KEY-', 'age-secret-key-'],
    pattern: /(?:AGE-SECRET-KEY|age-secret-key)-(?:(?:PQ|pq)-)?1[A-Za-z0-9]{30,512}/,
  },
  { name: 'onepassword-token', keywords: ['ops_eyJ'], pattern: /ops_eyJ[A-Za-z0-9+/_-]{100,4096}={0,3}/ },
  {
    name: 'onepassword-key',
    keywords: ['A3-'],
    pattern: /(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-[A-Z0-9]{6}-?[A-Z0-9]{5}(?:-[A-Z0-9]{5}){2,3}(?![A-Za-z0-9])/,
  },
];
