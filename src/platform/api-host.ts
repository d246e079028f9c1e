/** From the configured API base to the names that identities, `gh` and links use. */
import { TeammateSyncError } from '../errors.ts';

export const GITHUB_API = 'https://api.github.com';

/** `localhost`, 127.0.0.0/8 and ::1: nothing sent there leaves the machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

function bad(apiBase: string, why: string): never {
  throw new TeammateSyncError('BAD_CONFIG', `the GitHub API base ${JSON.stringify(apiBase.slice(0, 200))} ${why}`, {
    hint: 'use https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server',
  });
}

export interface ApiBase {
  /** Without a trailing slash; the only place that gets the token. */
  url: URL;
  /** Part of every identity: `github.com` for the real API, else the lower-case hostname. */
  host: string;
  /** Where people sign in and approve: the host of links that may be shown, and `gh --hostname`. */
  webHost: string;
  /** Origin of the web site, where people sign a device in. */
  web: URL;
  loopback: boolean;
}

/**
 * Takes an API base apart. The port is not part of `host`: a stand-in on loopback has another one after each start,
 * and identities must survive that.
 * @throws BAD_CONFIG for what is not a URL, plain http beyond loopback, or a URL with credentials, query or fragment
 */
export function parseApiBase(apiBase: string): ApiBase {
  let url: URL;
  try {
    url = new URL(apiBase);
  } catch {
    return bad(apiBase, 'is not a URL');
  }
  // Not shown: what stands before the @ may be a secret.
  if (url.username !== '' || url.password !== '') return bad(url.host, 'holds a user name or password');
  if (url.search !== '' || url.hash !== '') return bad(apiBase, 'has a query or fragment');
  const { hostname } = url;
  const loopback = isLoopback(hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    return bad(apiBase, 'is not https (plain http is for loopback only)');
  }
  // github.com as an API host would make another server's accounts look like the real ones.
  if (hostname === 'github.com') return bad(apiBase, 'is the web site, not the API');
  url.pathname = url.pathname.replace(/\/+$/, '');
  if (url.origin === GITHUB_API)
    return { url, host: 'github.com', webHost: 'github.com', web: new URL('https://github.com'), loopback };
  const webHost = hostname.endsWith('.ghe.com') ? hostname.replace(/^api\./, '') : hostname;
  const web = new URL(url.origin);
  web.hostname = webHost;
  return { url, host: hostname, webHost, web, loopback };
}

/**
 * Lower-case API host as identities carry it; `github.com` only for https://api.github.com.
 * @throws BAD_CONFIG as {@link parseApiBase}
 */
export function apiHost(apiBase: string): string {
  return parseApiBase(apiBase).host;
}
