/** HMAC-SHA256 under a resume key, and base64url. */
import { type ChallengeResponse, proofText, type ResumeKey } from '../../protocol/dashboard.ts';

export function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

/** The page's proof; null when the daemon's own does not hold: it is another program that answers. */
export async function answerTo(
  challenge: ChallengeResponse,
  { key, nonce, port }: { key: ResumeKey['key']; nonce: string; port: number },
): Promise<string | null> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const secret = await crypto.subtle.importKey('raw', bytesOf(key), hmac, false, ['sign', 'verify']);
  const text = (side: 'page' | 'daemon'): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(new TextEncoder().encode(proofText(side, port, nonce, challenge.nonce)));
  // Compared in constant time, by the browser.
  const holds = await crypto.subtle.verify('HMAC', secret, bytesOf(challenge.proof), text('daemon'));
  if (!holds) return null;
  return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', secret, text('page'))));
}
