/**
 * Reading the org's keyring: the comments on one issue of a private repository, under which GitHub writes who wrote them.
 * One list serves all look-ups of the whole team.
 */
import { TeammateSyncError } from '../errors.ts';
import type { ApiBase } from '../platform/api-host.ts';
import type { Clock } from '../platform/clock.ts';
import { KEYRING_FRESH_MS, KEYRING_HIDDEN_MS, KEYRING_PAGES_MAX } from '../protocol/limits.ts';
import type { Api } from './api.ts';
import { unreachable } from './bounded-fetch.ts';
import { type RecordComment, commentPage } from './decode.ts';
import { keyringName, keyringPath } from './places.ts';
import { GithubRefusal } from './refusal.ts';
import { lacksScope } from './scopes.ts';
import { orgNameOf } from './workspace.ts';

/** What GitHub shows of it. Whether there is none or this token may not see it cannot always be told. */
export type KeyringView =
  | { is: 'shown'; comments: readonly RecordComment[] }
  /** `absent`: perhaps there is none; else it is the token that is not let in. */
  | { is: 'hidden'; why: TeammateSyncError; absent: boolean };

export interface KeyringOptions {
  api: Api;
  base: ApiBase;
  clock: Clock;
  /** The workspace's name of now; null: it is not chosen yet. */
  workspace: () => string | null;
}

export interface Keyring {
  /**
   * As it was a moment ago, or with `fresh` as it is now.
   * @throws as Api.get, for every answer that is neither the comments nor GitHub's own word that there are none to see
   */
  view(fresh?: boolean): Promise<KeyringView>;
  /** It was written to: the next look is a fresh one. */
  changed(): void;
}

interface Seen {
  org: string;
  view: KeyringView;
  /** By the elapsed clock. */
  until: number;
}

const REPO_SCOPES = ['repo', 'public_repo'];

/** The refusals that say that this token is not to see the keyring; null: it is another one. */
function hides(error: unknown, base: ApiBase): TeammateSyncError | null {
  if (!(error instanceof GithubRefusal)) return null;
  // A private repository: public_repo, which GitHub may name first, would not do.
  if (error.scope !== null && REPO_SCOPES.includes(error.scope)) return noScope(base);
  return error.scope !== null || error.answered === 403 || error.answered === 410 ? error : null;
}

const noScope = (base: ApiBase): TeammateSyncError =>
  lacksScope('repo, without which GitHub does not show the keyring of the org', base, ['repo']);

function notShown(org: string, base: ApiBase): TeammateSyncError {
  return new TeammateSyncError('GITHUB_REFUSED', `GitHub does not show ${keyringName(org)}`, {
    hint:
      `if it is still there, the token must be let in: \`gh auth refresh -h ${base.webHost} -s repo\`, or for a ` +
      'fine-grained one the permission Issues (read and write) on that repository',
  });
}

export function createKeyring({ api, base, clock, workspace }: KeyringOptions): Keyring {
  let seen: Seen | null = null;
  let asking: { org: string; view: Promise<KeyringView> } | null = null;

  async function comments(org: string): Promise<{ pages: number; view: KeyringView }> {
    const all: RecordComment[] = [];
    let pages = 0;
    for await (const page of api.pages(`${keyringPath(orgNameOf(org))}?per_page=100`, commentPage, 'fail')) {
      if (page === null) return { pages: 0, view: { is: 'hidden', why: notShown(org, base), absent: true } };
      if (++pages > KEYRING_PAGES_MAX) throw unreachable(`${keyringName(org)} has more comments than are read`);
      all.push(...page);
    }
    return { pages, view: { is: 'shown', comments: all } };
  }

  async function ask(org: string): Promise<KeyringView> {
    const { pages, view } = await comments(org).catch((error: unknown) => {
      const why = hides(error, base);
      if (why === null) throw error;
      return { pages: 0, view: { is: 'hidden', why, absent: false } as const };
    });
    // So many pages cost so many questions.
    const ms = view.is === 'hidden' ? KEYRING_HIDDEN_MS : KEYRING_FRESH_MS * pages;
    seen = { org, view, until: clock.elapsed() + ms };
    return view;
  }

  return {
    async view(fresh = false) {
      const org = workspace();
      if (org === null) {
        const why = new TeammateSyncError('NO_WORKSPACE', 'no org is chosen, so there is no keyring');
        return { is: 'hidden', why, absent: true };
      }
      if (!fresh && seen?.org === org && clock.elapsed() < seen.until) return seen.view;
      if (!fresh && asking?.org === org) return asking.view;
      const view = ask(org);
      const mine = { org, view };
      asking = mine;
      try {
        return await view;
      } finally {
        if (asking === mine) asking = null;
      }
    },
    changed() {
      seen = null;
    },
  };
}
