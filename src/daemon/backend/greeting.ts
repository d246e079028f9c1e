/**
 * What the user, never the model, reads at a hook: at the begin of a session who waits for an answer, who shares something
 * new, and what became of a share; at any hook what was widened from elsewhere. From what is known here; nothing is asked.
 */
import { setNewest } from '../../platform/newest.ts';
import { shareCommand } from '../../protocol/claude-hook.ts';
import { shortId } from '../../protocol/ids.ts';
import type { HookRequest } from '../../protocol/local-api.ts';
import type { Rooms } from '../rooms.ts';
import { sameFolder } from './conversations.ts';
import { loginOf } from './persons.ts';
import { readableOf } from './status.ts';
import { processName } from './widenings.ts';

/** So many are named; of more, how many there are. */
const NAMED_MAX = 2;
const PROCESSES_MAX = 1024;
/** Where Claude Code shows it. */
const SHOWN_AT = new Set(['SessionStart', 'UserPromptSubmit', 'Stop']);
const BEGINNINGS = new Set(['startup', 'resume', 'clear', 'fork']);

export class Greeting {
  readonly #rooms: Rooms;
  /** The session that each process ended last: what it begins next comes from there. */
  readonly #left = new Map<number, string>();

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** One line, or null when there is nothing to say. */
  at(hook: HookRequest): string | null {
    const { event, session, pid, source, prompt, attended } = hook;
    if (event === 'SessionEnd') this.#leave(pid, session);
    // At a command the answer is shown, and nothing beside it. Without a person before it, nobody would read this.
    if (!SHOWN_AT.has(event) || prompt === 'own' || attended === false) return null;
    const { told } = this.#rooms;
    const news = event === 'SessionStart' && BEGINNINGS.has(source ?? '') ? this.#atBegin(hook) : [];
    if (source === 'clear') {
      // Here Claude Code shows nothing: it waits for the first prompt.
      for (const line of news) told.note(session, line);
      return null;
    }
    const lines = [...news, ...told.takeNotices(session, this.#process(session, pid))];
    return lines.length === 0 ? null : `teammate-sync: ${lines.join(' · ')}`;
  }

  #process(session: string, pid: number): string | null {
    const process = this.#rooms.live.get(session)?.processes.find((p) => p.pid === pid);
    return process ? processName(process) : null;
  }

  #leave(pid: number, session: string): void {
    setNewest(this.#left, pid, session, PROCESSES_MAX);
  }

  #atBegin(hook: HookRequest): string[] {
    const left = this.#left.get(hook.pid) ?? null;
    this.#left.delete(hook.pid);
    return [...this.#formerShare(hook, left), ...this.#invites(), ...this.#news()];
  }

  #formerShare({ session, source, cwd, plugin }: HookRequest, left: string | null): string[] {
    const { told, sharing } = this.#rooms;
    const share = shareCommand(plugin === true);
    if (source === 'resume') {
      const ended = told.ended.find((e) => e.session === session);
      if (!ended) return [];
      const names = this.#names(ended.to);
      return [`this session was shared with ${names.join(', ')}; ${share} ${names.join(' ')} to go on`];
    }
    if (source === 'startup') return [];
    const from = left === null ? null : told.ended.find((e) => e.session === left);
    if (from) {
      const names = this.#names(from.to);
      const what = source === 'clear' ? 'the session before was' : 'the original was';
      return [
        `not shared; ${what} shared with ${names.join(', ')}, which has ended; ${share} ${names.join(' ')} to share this one`,
      ];
    }
    if (source !== 'fork') return [];
    // A copy in a process of its own does not say of what; it begins in the same folder.
    const original = sharing.list().find((s) => s.id !== session && sameFolder(s.stored.cwd, cwd));
    if (!original) return [];
    const names = this.#names(original.stored.recipients.map(({ uid }) => uid));
    return [`this copy is not shared; ${shortId(original.id)} of this folder is, with ${names.join(', ')}`];
  }

  #names(uids: readonly number[]): string[] {
    return uids.map((uid) => loginOf(this.#rooms, uid));
  }

  #invites(): string[] {
    const waiting = this.#rooms.connections.list().filter(({ relation }) => relation === 'pendingIn');
    if (waiting.length > NAMED_MAX) return [`${waiting.length} invites wait: /connections`];
    return waiting.map(({ login, project }) => {
      const about = project === null || project === '' ? '' : ` (${project})`;
      return `${login} invites you${about}: /accept ${login} or /decline ${login}`;
    });
  }

  #news(): string[] {
    const { told, people } = this.#rooms;
    const readable = people.all().flatMap(({ uid, login }) =>
      readableOf(this.#rooms, uid, login)
        .filter(({ state }) => state !== 'waiting')
        .map((one) => ({ ...one, key: `${uid} ${one.session}` })),
    );
    const fresh = new Set(told.takeNew(readable.map(({ key }) => key)));
    const news = readable.filter(({ key }) => fresh.has(key));
    const handles = [...new Set(news.map(({ handle }) => handle))];
    if (handles.length > NAMED_MAX) return [`${handles.length} teammates share something new: /teammates`];
    return handles.map((handle) => {
      const theirs = news.filter((one) => one.handle === handle);
      const what = theirs.length === 1 ? theirs[0]?.project || 'a session' : `${theirs.length} new sessions`;
      return `${handle} shares ${what} with you: /show ${handle}`;
    });
  }
}
