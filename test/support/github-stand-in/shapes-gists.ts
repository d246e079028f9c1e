/** The JSON that GitHub sends for gists, with all its fields. */
import { createHash } from 'node:crypto';
import { type Json, fullUser, nodeId, siteOf, simpleUser, stamp } from './shapes.ts';
import type { Call } from './reply.ts';
import type { Gist, User } from './state.ts';

/** Content beyond this is cut, and the file marked. */
const FILE_CONTENT_MAX = 1024 * 1024;

function filesJson(base: string, gist: Gist, owner: User, withContent: boolean): Json {
  const files: Json = {};
  for (const [name, content] of gist.files) {
    const size = Buffer.byteLength(content);
    const cut = size > FILE_CONTENT_MAX || gist.truncatedFiles.has(name);
    files[name] = {
      filename: name,
      type: 'text/plain',
      language: 'Text',
      raw_url: `${siteOf(base, 'gist')}/${owner.login}/${gist.id}/raw/${blobOf(content)}/${encodeURIComponent(name)}`,
      size,
      ...(withContent ? { truncated: cut, content: content.slice(0, FILE_CONTENT_MAX), encoding: 'utf-8' } : {}),
    };
  }
  return files;
}

/** The name that git has for such a file: it is in the file's address, so a list changes with what its gists hold. */
function blobOf(content: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
}

/** A gist as lists show it: no content, nothing of copies. */
function listed(call: Pick<Call, 'base' | 'version'>, gist: Gist, owner: User, withContent: boolean): Json {
  const { base, version } = call;
  const url = `${base}/gists/${gist.id}`;
  const site = siteOf(base, 'gist');
  return {
    url,
    forks_url: `${url}/forks`,
    commits_url: `${url}/commits`,
    id: gist.id,
    node_id: nodeId('G_', gist.id),
    git_pull_url: `${site}/${gist.id}.git`,
    git_push_url: `${site}/${gist.id}.git`,
    html_url: `${site}/${owner.login}/${gist.id}`,
    files: filesJson(base, gist, owner, withContent),
    public: gist.public,
    created_at: stamp(gist.createdAt),
    updated_at: stamp(gist.updatedAt),
    description: gist.description,
    comments: 0,
    // Gone with the API of 2026.
    ...(version === '2022-11-28' ? { user: null } : {}),
    comments_enabled: true,
    comments_url: `${url}/comments`,
    owner: simpleUser(base, owner),
    truncated: gist.truncated,
  };
}

/** What a single gist tells of its copies, and of what it is a copy of. */
function copies({ world, base, version }: Call, gist: Gist): Json {
  const original = world.gists.get(gist.forkOf ?? '');
  const author = original && world.users.get(original.ownerId);
  const forkOf =
    original && author ? { fork_of: listed({ base, version: '2022-11-28' }, original, author, false) } : {};
  if (version !== '2022-11-28') return forkOf;
  const forks = [...world.gists.values()].flatMap((one) => {
    const user = one.forkOf === gist.id ? world.users.get(one.ownerId) : undefined;
    const times = { created_at: stamp(one.createdAt), updated_at: stamp(one.updatedAt) };
    return user ? [{ id: one.id, url: `${base}/gists/${one.id}`, user: fullUser(world, base, user), ...times }] : [];
  });
  return { ...forkOf, forks, history: [] };
}

/** A gist as lists show it (`whole` false) or as GET /gists/{id} shows it. */
export function gistJson(call: Call, gist: Gist, owner: User, whole: boolean): Json {
  return { ...listed(call, gist, owner, whole), ...(whole ? copies(call, gist) : {}) };
}
