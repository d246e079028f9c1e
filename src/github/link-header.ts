/** The Link header of a paged list (RFC 8288), as far as GitHub uses it. */

/** The target of rel="next" as it stands there, or null. The caller decides whether to go there. */
export function nextPage(header: string | null): string | null {
  if (header === null || header.length > 8192) return null;
  for (const link of header.split(/,\s*(?=<)/)) {
    const parts = /^\s*<([^<>]*)>\s*;(.*)$/.exec(link);
    if (parts && /(?:^|;)\s*rel="?next"?\s*(?:;|$)/i.test(parts[2] ?? '')) return parts[1] ?? null;
  }
  return null;
}
