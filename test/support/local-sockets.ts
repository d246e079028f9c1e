/** Which addresses a process has sockets on, by Linux' own account. */
import fs from 'node:fs';

/** Local addresses of all its UDP and TCP sockets, as `udp 127.0.0.1`; IPv6 as the 32 hex digits of the kernel. */
export function socketsOf(pid: number): string[] {
  const inodes = new Set<string>();
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return ['udp', 'udp6', 'tcp', 'tcp6'].flatMap((kind) => {
    const rows = fs.readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').trim().split('\n').slice(1);
    return rows.flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      const [address = ''] = (fields[1] ?? '').split(':');
      return inodes.has(fields[9] ?? '') ? [`${kind} ${readable(address)}`] : [];
    });
  });
}

/** A descriptor may be closed while they are listed. */
function linkOf(path: string): string {
  try {
    return fs.readlinkSync(path);
  } catch {
    return '';
  }
}

/** IPv4 in the kernel's order of bytes: the last comes first. */
function readable(address: string): string {
  if (address.length !== 8) return address;
  return Buffer.from(address, 'hex').reverse().join('.');
}
