/**
 * Writing one's own records into the org's keyring. A comment is never edited, for nobody would believe it then: a new one
 * is posted, and then the old ones of the device are deleted. A crash in between leaves two, of which the newer counts.
 */
import { TeammateSyncError } from '../errors.ts';
import { bytesOf, recordFileName } from '../identity/index.ts';
import type { ApiBase } from '../platform/api-host.ts';
import { DecodeError } from '../protocol/decode.ts';
import { RECORD_FILES_MAX } from '../protocol/limits.ts';
import { parseRecord } from '../protocol/record.ts';
import type { Api } from './api.ts';
import { type RecordComment, writtenComment } from './decode.ts';
import type { Keyring } from './keyring.ts';
import { commentPath, keyringCommands, keyringName, keyringPath, repoPath } from './places.ts';
import { orgNameOf } from './workspace.ts';

export interface KeyringWriterOptions {
  api: Api;
  base: ApiBase;
  keyring: Keyring;
  workspace: () => string | null;
}

/** Of comments: `name` is that of the record's file, were it in a gist. */
export interface KeyringWriter {
  /** It holds just this record already, so that it counts. @throws as Keyring.view */
  holds(uid: number, name: string, text: string): Promise<boolean>;
  /** @throws KEYRING_MISSING, GITHUB_* */
  put(uid: number, name: string, text: string): Promise<void>;
  /** @param known there is one of it: then a keyring that is not shown is a failure @throws GITHUB_* */
  remove(uid: number, name: string, known: boolean): Promise<void>;
}

/** The name of the file in which this text would lie in a gist; null for what is not a record. */
function nameOf(text: string): string | null {
  try {
    return recordFileName(bytesOf(parseRecord(text).record.sign));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

const isWhole = (comment: RecordComment): boolean => !comment.edited && !comment.byApp;

export function createKeyringWriter({ api, base, keyring, workspace }: KeyringWriterOptions): KeyringWriter {
  /** GitHub's lists may lag behind: what was posted last, by name. */
  const posted = new Map<string, number>();

  function orgNow(): { org: string; inUrl: string } {
    const org = workspace();
    if (org === null) throw new TeammateSyncError('NO_WORKSPACE', 'no org is chosen, so there is no keyring');
    return { org, inUrl: orgNameOf(org) };
  }

  /** One's own comments that are records. Null: no keyring is shown. */
  async function own(uid: number): Promise<{ comment: RecordComment; name: string }[] | null> {
    const view = await keyring.view(true);
    if (view.is === 'hidden') return null;
    return view.comments.flatMap((comment) => {
      const name = comment.authorUid === uid ? nameOf(comment.text) : null;
      return name === null ? [] : [{ comment, name }];
    });
  }

  /** Why nothing can be written there, and what would make it so. */
  async function missing(): Promise<TeammateSyncError> {
    const { org, inUrl } = orgNow();
    const view = await keyring.view();
    if (view.is === 'shown')
      return new TeammateSyncError('GITHUB_REFUSED', `GitHub takes no comment on ${keyringName(org)}`);
    if (!view.absent) return view.why;
    const { answer } = await api.ask(repoPath(inUrl));
    const commands = keyringCommands(base, org, answer.status === 200 ? 'repository' : 'nothing');
    return new TeammateSyncError('KEYRING_MISSING', `GitHub shows no ${keyringName(org)}, and it has to be there`, {
      hint:
        `one of your team types, once: ${commands.map((command) => `\`${command}\``).join(', then ')}. ` +
        'If it is there, your token or account must be let in. Then run `teammate-sync init` again',
    });
  }

  async function remove(ids: Iterable<number>): Promise<void> {
    const { inUrl } = orgNow();
    for (const id of ids) await api.remove(commentPath(inUrl, id));
  }

  async function post(text: string): Promise<number> {
    const { inUrl } = orgNow();
    const body = `\`\`\`\n${text.trim()}\n\`\`\``;
    const written = await api.write('POST', keyringPath(inUrl), { body }, writtenComment);
    if (!written) throw await missing();
    if (!written.byApp) return written.id;
    await remove([written.id]);
    throw new TeammateSyncError('GITHUB_REFUSED', 'GitHub marks what this token writes as written by an app', {
      hint: 'use a token of your own, as that of `gh auth login`: nobody would take a record that an app wrote',
    });
  }

  return {
    async holds(uid, name, text) {
      const view = await keyring.view();
      if (view.is === 'hidden') return false;
      const mine = view.comments.filter((comment) => comment.authorUid === uid && nameOf(comment.text) === name);
      return mine.length === 1 && mine.every((comment) => isWhole(comment) && comment.text.trim() === text.trim());
    },
    async put(uid, name, text) {
      const mine = await own(uid);
      if (mine === null) throw await missing();
      const others = new Set(mine.map((one) => one.name));
      others.delete(name);
      if (others.size >= RECORD_FILES_MAX) {
        throw new TeammateSyncError('GITHUB_REFUSED', `your account already publishes ${others.size} devices`, {
          hint: `delete the comments of devices that are gone: ${keyringName(orgNow().org)}`,
        });
      }
      const before = mine.filter((one) => one.name === name).map((one) => one.comment);
      const there = before.find((comment) => isWhole(comment) && comment.text.trim() === text.trim());
      const stale = new Set(before.map((comment) => comment.id));
      const last = posted.get(name);
      if (last !== undefined) stale.add(last);
      try {
        const now = there?.id ?? (await post(text));
        posted.set(name, now);
        stale.delete(now);
        await remove(stale);
      } finally {
        keyring.changed();
      }
    },
    async remove(uid, name, known) {
      if (!known && !posted.has(name)) {
        // Most people have nothing there: for them what was seen a moment ago is good enough.
        const seen = await keyring.view();
        if (seen.is === 'hidden' || !seen.comments.some(({ authorUid }) => authorUid === uid)) return;
      }
      const mine = await own(uid);
      if (mine === null) {
        const view = await keyring.view();
        if (known && view.is === 'hidden') throw view.why;
        return;
      }
      const ids = new Set(mine.filter((one) => one.name === name).map((one) => one.comment.id));
      const last = posted.get(name);
      if (last !== undefined) ids.add(last);
      try {
        await remove(ids);
        posted.delete(name);
      } finally {
        keyring.changed();
      }
    },
  };
}
