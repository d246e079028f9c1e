import { describe, expect, it } from 'vitest';
import { messageCommand } from '../../src/platform/desktop-message.ts';

const desktop = { DISPLAY: ':0' };

describe('a message on the desktop', () => {
  it('is an argument, never a command, an option, markup or an escape sequence', () => {
    const hostile = '--icon=x `id` $(id) "; do shell script "id" <b>\u001b[2J\n&';
    const shown = '--icon=x `id` $(id) "; do shell script "id"';
    const linux = messageCommand(hostile, desktop, 'linux') ?? [];
    expect(linux.slice(0, -1)).toEqual(['notify-send', '--app-name', 'teammate-sync', '--', 'teammate-sync']);
    expect(linux.at(-1)).toBe(`${shown} &lt;b&gt;␛[2J &amp;`);
    const mac = messageCommand(hostile, {}, 'darwin') ?? [];
    expect(mac.slice(-2)).toEqual(['--', `${shown} <b>␛[2J &`]);
    expect(mac.slice(0, -1).join(' ')).not.toContain('icon');
    expect((messageCommand('x'.repeat(10_000), desktop, 'linux') ?? []).at(-1)).toHaveLength(240);
  });

  it('is shown where there is a desktop', () => {
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS']) {
      expect(messageCommand('x', { [name]: 'y' }, 'linux')).not.toBeNull();
    }
    expect(messageCommand('x', {}, 'linux')).toBeNull();
    expect(messageCommand('x', desktop, 'win32')).toBeNull();
  });
});
