/**
 * The directory of people and their device records, as the rest of the product sees it. `github/` implements it; the
 * rules about what to believe (signatures, owners, pins) are in `identity/`, not behind this interface.
 */

/** A GitHub account. `login` is as GitHub writes it; compare `uid`. */
export interface Account {
  uid: number;
  login: string;
}

export interface Organisation {
  id: number;
  login: string;
}

/** Where a device record is published: a public gist of the person, or a comment in the keyring of the workspace. */
export type Place = 'gist' | 'keyring';

/** A published text with what GitHub vouches for; the text is RECORD_FILE_MAX_BYTES at most. */
export type PublishedRecord = GistRecord | KeyringRecord;

export interface GistRecord {
  place: 'gist';
  /** Numeric id of the account that GitHub says owns the gist. */
  ownerUid: number;
  /** Of the file. */
  name: string;
  text: string;
}

export interface KeyringRecord {
  place: 'keyring';
  /** Numeric id of the account that GitHub says wrote the comment. */
  ownerUid: number;
  text: string;
  /** Somebody changed the text. */
  edited: boolean;
  /** An app wrote it in the person's name. */
  byApp: boolean;
}

/** How somebody's records are asked for. */
export interface RecordsQuery {
  /** What is known of their devices: by the name of a record's file, where it was published last. */
  known?: ReadonlyMap<string, Place>;
  /** There is a reason to ask: an answer that was given about somebody else a moment ago will not do. */
  anew?: boolean;
}

/** What became of publishing. */
export interface Publication {
  place: Place;
  /** In words. */
  where: string;
  /** Why it is not a gist; null: it is one, or it was there already. */
  why: string | null;
}

/**
 * `yes` and `no` are GitHub's word; `unknown` is everything else (302, 401, 403, 429, 5xx, time-outs), on which nothing
 * may change. `why` is for people.
 */
export type Membership = { is: 'yes' } | { is: 'no' } | { is: 'unknown'; why: string };

export interface Directory {
  /** Lower-case API host; `github.com` only for the real API. Part of every identity. */
  readonly host: string;
  /** @throws NO_TOKEN, GITHUB_REFUSED, GITHUB_UNREACHABLE */
  whoAmI(): Promise<Account>;
  /** The workspace by name, in which the caller is an active member. @throws NOT_A_MEMBER and as whoAmI */
  organisation(login: string): Promise<Organisation>;
  /** The organisation that has this durable id now, in which the caller is an active member; null: none. @throws as whoAmI */
  organisationById(id: number): Promise<Organisation | null>;
  /** The account that has this durable id now, after a rename under its new login. @throws NO_SUCH_PERSON, as whoAmI */
  accountByUid(uid: number): Promise<Account>;
  /** Resolves a handle, case-insensitively. @throws NO_SUCH_PERSON and as whoAmI */
  account(handle: string): Promise<Account>;
  /** Never throws: what GitHub does not clearly say is `unknown`. */
  membership(org: string, login: string): Promise<Membership>;
  /** All members, by pages. */
  members(org: string): Promise<Account[]>;
  /**
   * The account's published records, wherever they are. A place that GitHub does not show is no answer about devices that
   * are `known` to be there. @throws NO_SUCH_PERSON when the account is gone, and as whoAmI
   */
  records(account: Account, query?: RecordsQuery): Promise<PublishedRecord[]>;
  /**
   * Publishes or replaces one's own record, leaving those of other devices alone: as a gist, or where GitHub refuses those
   * for good in the keyring. @param name of its file @throws KEYRING_MISSING and as whoAmI
   */
  publish(name: string, text: string): Promise<Publication>;
  /** GitHub's clock minus this machine's, in ms with the precision of a second; null before the first answer. */
  dateSkewMs(): number | null;
  /**
   * Removes one's own record from wherever it is.
   * @param place where it is known to be; without it a keyring that is not shown has none @throws as whoAmI
   */
  unpublish(name: string, place?: Place): Promise<void>;
}
