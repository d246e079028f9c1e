/**
 * Tokens of code hosts, package registries and build services.
 * Formats re-expressed after the rules of gitleaks (MIT, see NOTICE.md), with lower minimum lengths: output is cut.
 */
import type { TokenFormat } from './rule.ts';

export const codeHostFormats: readonly TokenFormat[] = [
  {
    name: 'github-token',
    keywords: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /gh[pousr]_[A-Za-z0-9]{20,255}/,
  },
  { name: 'github-token', keywords: ['github_pat_'], pattern: /github_pat_[A-Za-z0-9_]{20,255}/ },
  {
    name: 'gitlab-token',
    keywords: 'glpat- glptt- gldt- glrt- glrtr- glcbt- glsoat- glft- glimt- glagent- gloas- glffct-'.split(' '),
    pattern: /gl[a-z]{2,6}-[A-Za-z0-9_=.-]{16,300}/,
    random: true,
  },
  { name: 'gitlab-token', keywords: ['GR1348941'], pattern: /GR1348941[A-Za-z0-9_-]{16,64}/ },
  { name: 'atlassian-token', keywords: ['ATATT3', 'ATCTT3'], pattern: /AT[AC]TT3[A-Za-z0-9_=-]{40,512}/ },
  { name: 'bitbucket-token', keywords: ['ATBB'], pattern: /(?<![A-Za-z0-9])ATBB[A-Za-z0-9]{24,64}/ },
  { name: 'npm-token', keywords: ['npm_'], pattern: /npm_[A-Za-z0-9]{30,64}/ },
  { name: 'pypi-token', keywords: ['pypi-'], pattern: /pypi-[A-Za-z0-9_-]{32,1024}/, random: true },
  { name: 'rubygems-token', keywords: ['rubygems_'], pattern: /rubygems_[a-f0-9]{40,64}/ },
  { name: 'nuget-token', keywords: ['oy2'], pattern: /(?<![A-Za-z0-9])oy2[a-z0-9]{43}(?![A-Za-z0-9])/ },
  { name: 'clojars-token', keywords: ['CLOJARS_'], pattern: /CLOJARS_[A-Za-z0-9]{40,80}/ },
  { name: 'crates-token', keywords: ['cio'], pattern: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/ },
  { name: 'docker-token', keywords: ['dckr_pat_', 'dckr_oat_'], pattern: /dckr_[po]at_[A-Za-z0-9_-]{20,64}/ },
  { name: 'artifactory-token', keywords: ['AKCp'], pattern: /(?<![A-Za-z0-9/]|[^\n]\+)AKCp[A-Za-z0-9]{50,80}/ },
  { name: 'artifactory-token', keywords: ['cmVmdGtu'], pattern: /(?<![A-Za-z0-9/]|[^\n]\+)cmVmdGtu[A-Za-z0-9]{40,64}/ },
  { name: 'buildkite-token', keywords: ['bkua_'], pattern: /bkua_[a-f0-9]{32,64}/ },
  { name: 'circleci-token', keywords: ['CCIPAT_'], pattern: /CCIPAT_[A-Za-z0-9_]{30,96}/ },
  { name: 'postman-key', keywords: ['PMAK-'], pattern: /PMAK-[a-f0-9]{24}-[a-f0-9]{30,40}/ },
  { name: 'linear-key', keywords: ['lin_api_', 'lin_oauth_'], pattern: /lin_(?:api|oauth)_[A-Za-z0-9]{30,80}/ },
  { name: 'figma-token', keywords: ['figd_'], pattern: /figd_[A-Za-z0-9_-]{30,80}/ },
  { name: 'notion-token', keywords: ['ntn_'], pattern: /(?<![A-Za-z0-9])ntn_[A-Za-z0-9]{40,60}/ },
  { name: 'notion-token', keywords: ['secret_'], pattern: /(?<![A-Za-z0-9])secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])/ },
  {
    name: 'sentry-token',
    keywords: ['sntrys_', 'sntryu_'],
    pattern: /sntry[su]_[A-Za-z0-9+/=_-]{40,512}/,
  },
  {
    name: 'grafana-token',
    keywords: ['glsa_', 'glc_'],
    pattern: /(?<![A-Za-z0-9])(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400})/,
  },
];
