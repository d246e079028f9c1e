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

/** A published text with what GitHub vouches for. */
export interface PublishedRecord {
  /** Numeric id of the account that GitHub says owns the place. */
  ownerUid: number;
  /** File name inside the gist. */
  name: string;
  /** The file's text, at most RECORD_FILE_MAX_BYTES. */
  text: string;
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
  /** The account's published records, all files of all matching public gists within the limits. */
  records(account: Account): Promise<PublishedRecord[]>;
  /** Publishes or replaces one's own file, leaving other devices' files alone. */
  publish(name: string, text: string): Promise<void>;
  /** GitHub's clock minus this machine's, in ms with the precision of a second; null before the first answer. */
  dateSkewMs(): number | null;
  /** Removes one's own file. */
  unpublish(name: string): Promise<void>;
}
