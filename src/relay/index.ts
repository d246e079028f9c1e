/**
 * A relay for teammates whose networks cannot reach each other: both sides connect to it, and it passes their bytes on.
 *
 * It never sees a key or a plaintext: what passes is the encrypted stream between two devices. It learns which addresses
 * talk with which, when, and how much. Only who knows its key can use it; it is on no topic.
 */
export { Relay, type RelayOptions } from './relay.ts';
