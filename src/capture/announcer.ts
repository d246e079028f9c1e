/** Hands events of conversations to whoever listens; one listener's failure is not another's. */
import type { ConversationEvent } from './conversation-table.ts';
import type { EndedConversation, LiveConversation } from './live-conversation.ts';

/** What is listened to, by the name of the event. */
export interface ConversationListeners {
  started: (conversation: LiveConversation) => void;
  changed: (conversation: LiveConversation) => void;
  ended: (ended: EndedConversation) => void;
}

export interface Announcer {
  /** Returns the removal. */
  on<E extends keyof ConversationListeners>(event: E, listener: ConversationListeners[E]): () => void;
  announce(event: ConversationEvent): void;
}

/** @param onError gets what a listener throws */
export function createAnnouncer(onError: (error: unknown) => void): Announcer {
  const listeners: { [E in keyof ConversationListeners]: Set<ConversationListeners[E]> } = {
    started: new Set(),
    changed: new Set(),
    ended: new Set(),
  };

  function tell<T>(to: Set<(value: T) => void>, value: T): void {
    for (const listener of to) {
      try {
        listener(value);
      } catch (error) {
        onError(error);
      }
    }
  }

  return {
    on(event, listener) {
      listeners[event].add(listener);
      return () => void listeners[event].delete(listener);
    },
    announce(event) {
      if (event.type === 'ended') tell(listeners.ended, event.ended);
      else tell(listeners[event.type], event.conversation);
    },
  };
}
