/** Where in the page somebody is, as the address after `#` says it. */

/** The views, in the order of the navigation. */
export const VIEWS = ['mine', 'theirs', 'people', 'activity', 'health'] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Place {
  view: ViewName;
  /** Of `theirs`: whose sessions; null: everybody's. */
  handle: string | null;
  /** A session's id; null: the list. */
  session: string | null;
  /** The line to go to; null: the newest. */
  line: number | null;
  /** `main`, or the id of the subagent that the line is of; null: `main`. */
  source: string | null;
  /** Of a session of one's own: the recipient as whom it is looked at; null: nobody in particular. */
  as: string | null;
}

const LINE = /^[1-9][0-9]{0,8}$/;

/** Of `#/theirs/marie/7f3c…?line=120&source=a1`; what is no place of the page is the first view. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [, name = '', ...rest] = path.split('/').map(decoded);
  const view = VIEWS.find((known) => known === name) ?? 'mine';
  const handle = view === 'theirs' ? (rest.shift() ?? '') : '';
  const session = view === 'theirs' || view === 'mine' ? (rest.shift() ?? '') : '';
  const parameters = new URLSearchParams(query);
  const line = parameters.get('line') ?? '';
  return {
    view,
    handle: handle === '' ? null : handle,
    session: session === '' ? null : session,
    line: session !== '' && LINE.test(line) ? Number(line) : null,
    source: session === '' ? null : parameters.get('source'),
    as: view === 'mine' && session !== '' ? parameters.get('as') : null,
  };
}

/** The address of a place: the inverse of {@link placeOf}. */
export function hashOf({
  view,
  handle = null,
  session = null,
  line = null,
  source = null,
  as = null,
}: PlaceParts): string {
  const words = [
    view,
    ...(view === 'theirs' && handle !== null ? [handle] : []),
    ...(session === null ? [] : [session]),
  ];
  const parameters = new URLSearchParams();
  if (line !== null) parameters.set('line', String(line));
  if (source !== null) parameters.set('source', source);
  if (view === 'mine' && as !== null) parameters.set('as', as);
  const query = parameters.toString();
  return `#/${words.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
}

type PlaceParts = Pick<Place, 'view'> & Partial<Place>;

/** A part of an address that somebody broke by hand is taken as it stands. */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
