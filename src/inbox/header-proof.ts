/** Nothing is shown before block 0 has proved whose core this is; a wrong block key shows here, too. */
import type Hypercore from 'hypercore';
import { TeammateSyncError } from '../errors.ts';
import { bytesOf, verify } from '../identity/index.ts';
import { pae } from '../protocol/bytes.ts';
import { type CoreHeader, HEADER_DOMAIN, parseHeader } from '../protocol/core-block.ts';
import type { Grant } from '../protocol/statements.ts';

/** How long the header may take before it is asked for again. */
const HEADER_TIMEOUT_MS = 3000;

/**
 * Reads the header and holds it against the grant. Null: it is not to be had now, and `goOn` says that it is not worth
 * waiting for. @throws HEADER_MISMATCH
 */
export async function proveHeader(core: Hypercore, grant: Grant, goOn: () => boolean): Promise<CoreHeader | null> {
  let block: Buffer | null = null;
  while (!block && goOn()) {
    const got = await core.get(0, { timeout: HEADER_TIMEOUT_MS }).catch((error: unknown) => error);
    if (got instanceof Uint8Array) block = Buffer.from(got);
    else if (!isNotYet(got)) throw new TeammateSyncError('HEADER_MISMATCH', 'block 0 cannot be read', { cause: got });
  }
  return block && checkHeader(block, grant);
}

function checkHeader(block: Buffer, grant: Grant): CoreHeader {
  const { header, payload, signature } = parsed(block);
  const same =
    header.core === grant.core &&
    header.session === grant.session &&
    header.gen === grant.gen &&
    header.owner.uid === grant.from.uid &&
    header.owner.sign === grant.from.sign &&
    header.host === grant.host &&
    header.org === grant.org;
  if (!same || !verify(signature, pae(HEADER_DOMAIN, payload), bytesOf(grant.from.sign))) {
    throw new TeammateSyncError('HEADER_MISMATCH', 'the session core does not belong to the grant');
  }
  return header;
}

function parsed(block: Buffer): ReturnType<typeof parseHeader> {
  try {
    return parseHeader(block);
  } catch (error) {
    throw new TeammateSyncError('HEADER_MISMATCH', 'block 0 is not a header', { cause: error });
  }
}

/** The block has not come, or the core is being closed; anything else is about the block itself. */
function isNotYet(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'REQUEST_TIMEOUT' || code === 'REQUEST_CANCELLED' || code === 'SESSION_CLOSED';
}
