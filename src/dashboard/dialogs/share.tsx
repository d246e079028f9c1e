/** Sharing a live session from the page: what, with whom, what they would see, and only then the button that does it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { INVITE_NOTE_MAX_BYTES } from '../../protocol/limits.ts';
import { shortId } from '../../protocol/ids.ts';
import type { PreviewResponse, ShareRequest, ShareResponse } from '../../protocol/local-api.ts';
import { people } from '../model/sharing.ts';
import { type Draft, draftProblem, optionText, recipientsOf } from '../model/draft.ts';
import { Act } from '../parts/act.tsx';
import { Dialog, useOwnFailure } from '../parts/dialog.tsx';
import { useLink } from '../parts/use-link.ts';
import { Command, Empty, Said } from '../parts/words.tsx';
import { Outcome } from './share-outcome.tsx';
import { Preview } from './share-preview.tsx';

interface ShareDialogProps {
  /** What is chosen beforehand; null: nothing. */
  session: string | null;
  handle: string | null;
}

export function ShareDialog({ session, handle }: ShareDialogProps): JSX.Element {
  const link = useLink();
  const live = link.parts.sessions.value?.sessions ?? [];
  const connected = link.parts.connections.value?.accepted ?? [];
  const isConnected = handle !== null && connected.some((person) => person.handle === handle);
  const [draft, setDraft] = useState<Draft>({
    session: session ?? live.find(({ shared }) => !shared)?.session ?? live[0]?.session ?? null,
    chosen: isConnected ? [handle] : [],
    typed: handle === null || isConnected ? '' : handle,
    note: '',
    fromNow: false,
    withThinking: false,
  });
  const [preview, setPreview] = useState<PreviewResponse | null>(null);
  const [answer, setAnswer] = useState<ShareResponse | null>(null);
  const { shown, onFailure, clear } = useOwnFailure();

  const to = recipientsOf(draft);
  const about = live.find((one) => one.session === draft.session);
  const problem = draftProblem(draft, INVITE_NOTE_MAX_BYTES);
  const name = about === undefined ? 'the session' : `${about.project} (${shortId(about.session)})`;
  const body: ShareRequest = {
    session: draft.session,
    cwd: '/',
    to,
    note: draft.note.trim() === '' ? null : draft.note.trim(),
    fromNow: draft.fromNow,
    withThinking: draft.withThinking,
  };
  const change = (part: Partial<Draft>): void => {
    // A preview is of exactly what it was asked for.
    if ('session' in part || 'fromNow' in part || 'withThinking' in part) setPreview(null);
    setDraft({ ...draft, ...part });
  };
  const look = async (): Promise<void> => {
    clear();
    setPreview(await link.call('preview', { body }));
  };
  const share = async (): Promise<void> => {
    clear();
    // To nobody named means to everybody connected: that is never what this button says.
    if (problem !== null) throw new Error(problem);
    setAnswer(await link.call('share', { body }));
  };

  if (answer !== null) {
    return (
      <Dialog title="Shared">
        <Outcome answer={answer} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Share a live session">
      {shown}
      {live.length === 0 ? (
        <Empty>
          No Claude Code conversation is live on this machine. Start one with <Command>claude</Command>
        </Empty>
      ) : (
        <Form draft={draft} change={change} />
      )}
      {preview === null ? null : <Preview preview={preview} />}
      <div class="dialog-foot">
        <p class="consequence">
          {problem ??
            `${people(to)} ${to.length === 1 ? 'gets' : 'get'} ${draft.fromNow ? 'what comes from now on' : 'all of it so far and what comes'}, ${
              draft.withThinking ? 'with' : 'without'
            } thinking, masked first. It ends with the conversation, or when you revoke it.`}
        </p>
        <div class="acts end">
          <Act
            doing={`Preview: what they would see of ${name}`}
            consequence="shows what they would see; shares nothing"
            disabled={draft.session === null}
            act={look}
            onFailure={onFailure}
          >
            Preview: what they would see
          </Act>
          <Act
            look="main"
            doing={`Share ${name}${to.length === 0 ? '' : ` with ${people(to)}`}`}
            disabled={problem !== null}
            act={share}
            onFailure={onFailure}
          >
            <Said text={`Share ${about?.project ?? ''}${to.length === 0 ? '' : ` with ${people(to)}`}`} />
          </Act>
        </div>
      </div>
    </Dialog>
  );
}

function Form({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }): JSX.Element {
  const { sessions, connections, shared, teammates } = useLink().parts;
  const connected = connections.value?.accepted ?? [];
  const others =
    teammates.value?.members.filter(({ relation }) => relation !== 'connected' && relation !== 'blocked') ?? [];
  const { chosen } = draft;
  const about = shared.value?.sessions.find(({ session }) => session === draft.session);
  const has = (handle: string): boolean => about?.recipients.some((one) => one.handle === handle) ?? false;
  return (
    <>
      <label class="field">
        Session
        <select value={draft.session ?? ''} onChange={(event) => change({ session: event.currentTarget.value })}>
          {sessions.value?.sessions.map(({ session, project, cwd, shared: isShared }) => (
            <option key={session} value={session}>
              {optionText(project, session, cwd, isShared)}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>With</legend>
        {connected.map(({ handle, online }) => (
          <label class="check" key={handle}>
            <input
              type="checkbox"
              checked={chosen.includes(handle)}
              onChange={({ currentTarget: { checked } }) =>
                change({ chosen: checked ? [...chosen, handle] : chosen.filter((one) => one !== handle) })
              }
            />
            <Said text={`@${handle}`} />{' '}
            <span class="quiet">
              {has(handle) ? 'has this session already' : `connected, ${online ? 'online' : 'offline'}`}
            </span>
          </label>
        ))}
        <datalist id="members">
          {others.map(({ handle }) => (
            <option key={handle}>{handle}</option>
          ))}
        </datalist>
        <label class="field">
          {connected.length === 0 ? 'Handle' : 'Somebody else'}
          <input
            value={draft.typed}
            list="members"
            autocomplete="off"
            spellcheck={false}
            placeholder="handle, or several"
            onInput={(event) => change({ typed: event.currentTarget.value })}
          />
        </label>
      </fieldset>
      <fieldset>
        <legend>How</legend>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.fromNow}
            onChange={(e) => change({ fromNow: e.currentTarget.checked })}
          />
          From now: leave out what came before
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.withThinking}
            onChange={(event) => change({ withThinking: event.currentTarget.checked })}
          />
          With thinking: of now and before, for everyone who has this session
        </label>
        <label class="field">
          Note to go with an invite
          <input
            value={draft.note}
            autocomplete="off"
            maxLength={INVITE_NOTE_MAX_BYTES}
            onInput={(event) => change({ note: event.currentTarget.value })}
          />
        </label>
      </fieldset>
    </>
  );
}
