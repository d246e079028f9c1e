/**
 * The public DHT's first nodes, as hyperdht 6.32.0 has them (`HyperDHT.BOOTSTRAP`, MIT). Here because most of the daemon's
 * modes need the addresses only, and loading the network stack for them takes longer than all else they do.
 */
export const PUBLIC_BOOTSTRAP: readonly string[] = [
  '88.99.3.86@node1.hyperdht.org:49737',
  '142.93.90.113@node2.hyperdht.org:49737',
  '138.68.147.8@node3.hyperdht.org:49737',
];
