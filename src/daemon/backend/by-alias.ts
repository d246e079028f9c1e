/** The backend for callers who type aliases: each handle is what it means before anything else looks at it. */
import type { Backend } from '../../local-api/index.ts';

export function byAlias(backend: Backend, meant: (typed: string) => string): Backend {
  const all = (typed: readonly string[]): string[] => typed.map((one) => meant(one));
  const named = <R extends { handle: string }>(request: R): R => ({ ...request, handle: meant(request.handle) });
  const seen = <R extends { as?: string | undefined }>(request: R): R =>
    request.as === undefined ? request : { ...request, as: meant(request.as) };
  return {
    ...backend,
    alias: ({ name, handle }, caller) =>
      backend.alias({ name, handle: handle === null ? null : meant(handle) }, caller),
    preview: (request) => backend.preview({ ...request, to: all(request.to) }),
    share: (request, caller) => backend.share({ ...request, to: all(request.to) }, caller),
    unshare: (request) => backend.unshare({ ...request, from: all(request.from) }),
    accept: (request, caller) => backend.accept(named(request), caller),
    decline: (request) => backend.decline(named(request)),
    disconnect: (request) => backend.disconnect(named(request)),
    block: (request) => backend.block(named(request)),
    unblock: (request, caller) => backend.unblock(named(request), caller),
    verify: (request, caller) => backend.verify(named(request), caller),
    trust: (request, caller) => backend.trust(named(request), caller),
    inbox: (handle, reader) => backend.inbox(meant(handle), reader),
    read: (handle, query, signal, reader) => backend.read(meant(handle), query, signal, reader),
    ask: (request, reader) => backend.ask(seen({ ...request, handles: all(request.handles) }), reader),
    answer: (request, signal, reader) => backend.answer({ ...request, handles: all(request.handles) }, signal, reader),
    dump: (request, reader) => backend.dump(seen(named(request)), reader),
    outline: (request, signal) => backend.outline(seen(named(request)), signal),
  };
}
