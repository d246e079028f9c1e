/** What stands in a shared text in place of a secret, for those who make it and those who show it. */

/** `[redacted:github-token:0f3a]`: the rule, and four hex digits that tell two secrets apart. No flags. */
export const MASK_MARK = /\[redacted:([a-z0-9-]{1,40}):[0-9a-f]{4}\]/;
