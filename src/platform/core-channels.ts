/**
 * The channels of an open core on a connection. Whoever reads asks with `core.replicate(mux)`, and stays attached: the
 * channel comes again whenever the other side opens one. Whoever serves is never attached and answers each asker alone.
 */
import type Hypercore from 'hypercore';
import type Protomux from 'protomux';

/** Hypercore's own protocol, whose channels are named by discovery key. */
export const REPLICATION = 'hypercore/alpha';

/**
 * Answers the channel that the other side has opened, or opens one; nothing while there is one. In this very tick:
 * `core.replicate(mux)` answers a moment later, and protomux ignores the close of a channel that is not answered yet, so
 * what is asked for and closed in one tick would stay here for good and keep out all that ask after it (measured).
 * `_makePeer` is internal to hypercore; versions are pinned and a test holds it.
 */
export function answerChannel(core: Hypercore, mux: Protomux): void {
  if (!core.closed) core.core.replicator._makePeer(mux);
}

/**
 * Ends the replication of a core on this connection in this tick. Detach first: a closed but attached core is paired again
 * by the remote. `detachFrom` is internal to hypercore; versions are pinned and a test holds it.
 */
export function endChannels(core: Hypercore, mux: Protomux): void {
  const { replicator } = core.core;
  const attached = replicator.attached(mux);
  replicator.detachFrom(mux);
  closeAll(core, mux);
  // A channel is made a moment after `replicate()` was called: one of this very tick would come after its end.
  if (attached) void mux.stream.opened.then(() => replicator.attached(mux) || closeAll(core, mux));
}

/** Also those that the other side has not answered yet: they would come to life with its answer. */
function closeAll(core: Hypercore, mux: Protomux): void {
  for (const channel of [...mux]) {
    if (channel.protocol === REPLICATION && channel.id?.equals(core.discoveryKey)) channel.close();
  }
}
