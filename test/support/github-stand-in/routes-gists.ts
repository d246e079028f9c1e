/** Gists. A secret one is unlisted, not private: GitHub shows it to everybody who knows its id. */
import { page } from './paging.ts';
import { type Call, type Reply, type Route, failure, hasScope, invalid, isRecord } from './reply.ts';
import { notFound, requiresAuthentication } from './reply.ts';
import { isShown, mayNotMakeGists, shownUser } from './access.ts';
import { gistJson } from './shapes-gists.ts';
import { type Gist, type User, gistsListedFor } from './state.ts';

const GIST = ['gist'];
const WRITE = 'gists=write';

function show(call: Call, gist: Gist, whole: boolean): unknown {
  const owner = call.world.users.get(gist.ownerId);
  return owner && gistJson(call, gist, owner, whole);
}

function list(call: Call, user: User | undefined): Reply {
  if (!user || !isShown(call, user)) return notFound();
  const own = call.caller?.user.id === user.id && hasScope(call.caller, GIST);
  const since = call.url.searchParams.get('since');
  const sinceMs = since === null ? 0 : Date.parse(since);
  if (Number.isNaN(sinceMs)) return invalid('Gist', 'since', 'invalid');
  const listed = gistsListedFor(call.world, user.id).filter((gist) => {
    if (gist.hiddenFor > 0) {
      gist.hiddenFor--;
      return false;
    }
    return (gist.public || own) && gist.updatedAt >= sinceMs;
  });
  const place = call.params.length === 0 ? '/gists' : `/user/${user.id}/gists`;
  return page(call, listed, place, (gist) => show(call, gist, false));
}

/** Applies a `files` object: null deletes, absent files stay, `filename` renames. Returns null when it is not valid. */
function changed(before: Map<string, string>, changes: unknown): Map<string, string> | null {
  if (!isRecord(changes)) return null;
  const files = new Map(before);
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) {
      files.delete(name);
      continue;
    }
    if (!isRecord(change)) return null;
    const content = change.content ?? before.get(name);
    const filename = change.filename ?? name;
    if (typeof content !== 'string' || content === '' || typeof filename !== 'string' || filename === '') return null;
    if (filename !== name) files.delete(name);
    files.set(filename, content);
  }
  return files.size > 0 ? files : null;
}

/** A write without the scope is a 404, not a 403. */
function refused(call: Call): Reply | null {
  if (!call.caller) return requiresAuthentication();
  return hasScope(call.caller, GIST) ? null : notFound();
}

function create(call: Call): Reply {
  const no = mayNotMakeGists(call.caller, call.world);
  if (no || !call.caller) return no ?? requiresAuthentication();
  const { body, world } = call;
  if (body === undefined) return failure(400, 'Problems parsing JSON');
  if (!isRecord(body)) return failure(400, 'Body should be a JSON object');
  if (body.files === undefined) return failure(422, 'Invalid request.\n\n"files" wasn\'t supplied.');
  const files = changed(new Map(), body.files);
  if (!files) return invalid('Gist', 'files', 'missing_field');
  const now = world.now();
  const gist: Gist = {
    id: call.random(16).toString('hex'),
    ownerId: call.caller.user.id,
    public: body.public === true || body.public === 'true',
    description: typeof body.description === 'string' ? body.description : null,
    files,
    createdAt: now,
    updatedAt: now,
    truncated: false,
    truncatedFiles: new Set(),
    listedFor: new Set(),
    hiddenFor: world.listLag,
    forkOf: null,
  };
  world.gists.set(gist.id, gist);
  return { status: 201, json: show(call, gist, true), headers: { location: `${call.base}/gists/${gist.id}` } };
}

function update(call: Call, gist: Gist): Reply {
  const { body } = call;
  if (body === undefined) return failure(400, 'Problems parsing JSON');
  if (!isRecord(body)) return failure(400, 'Body should be a JSON object');
  if (body.files !== undefined) {
    const files = changed(gist.files, body.files);
    if (!files) return invalid('Gist', 'files', 'missing_field');
    gist.files = files;
  }
  if (typeof body.description === 'string') gist.description = body.description;
  gist.updatedAt = call.world.now();
  return { status: 200, json: show(call, gist, true) };
}

/** A write to one's own gist; somebody else's is a 404. */
function ownGist(method: string, handle: (call: Call, gist: Gist) => Reply): Route {
  return {
    method,
    pattern: /^\/gists\/([^/]+)$/,
    accepts: GIST,
    permission: WRITE,
    handle(call) {
      const no = refused(call);
      if (no) return no;
      const gist = call.world.gists.get(call.params[0] ?? '');
      return gist && gist.ownerId === call.caller?.user.id ? handle(call, gist) : notFound();
    },
  };
}

/** Where an administrator switched gists off, none of it is there. */
function whereOn(route: Route): Route {
  return { ...route, handle: (call) => (call.world.gistsOff ? notFound() : route.handle(call)) };
}

const routes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/users\/([^/]+)\/gists$/,
    accepts: [],
    handle: (call) => list(call, shownUser(call, call.params[0] ?? '')),
  },
  {
    method: 'GET',
    pattern: /^\/user\/(\d+)\/gists$/,
    accepts: [],
    handle: (call) => list(call, call.world.users.get(Number(call.params[0]))),
  },
  {
    method: 'GET',
    pattern: /^\/gists$/,
    accepts: [],
    handle: (call) => (call.caller ? list(call, call.caller.user) : requiresAuthentication()),
  },
  {
    method: 'GET',
    pattern: /^\/gists\/([^/]+)$/,
    accepts: [],
    handle(call) {
      const gist = call.world.gists.get(call.params[0] ?? '');
      const owner = gist && call.world.users.get(gist.ownerId);
      return gist && owner && isShown(call, owner) ? { status: 200, json: show(call, gist, true) } : notFound();
    },
  },
  {
    method: 'POST',
    pattern: /^\/gists$/,
    accepts: GIST,
    permission: WRITE,
    handle: (call) => refused(call) ?? create(call),
  },
  ownGist('PATCH', update),
  ownGist('DELETE', (call, gist) => {
    call.world.gists.delete(gist.id);
    return { status: 204 };
  }),
];

export const gistRoutes: Route[] = routes.map(whereOn);
