/** Devices of a person, with the codes that people compare. */
import type { JSX } from 'preact';
import { day } from '../../platform/time-words.ts';
import type { Device } from '../../protocol/local-api.ts';
import { deviceWords } from '../model/people.ts';
import { Badge } from './words.tsx';

export function Devices({ devices }: { devices: readonly Device[] }): JSX.Element {
  if (devices.length === 0) return <p class="empty">No device of theirs is trusted yet.</p>;
  return (
    <ul class="rows">
      {devices.map((device) => (
        <li class="row" key={device.device}>
          <p class="row-words">
            <code class="device-code">{device.code}</code>{' '}
            <Badge tone={deviceWords(device).tone}>{deviceWords(device).words}</Badge>{' '}
            {device.online ? <Badge tone="good">online</Badge> : null}{' '}
            {device.here ? <Badge tone="none">this one</Badge> : null}
            <br />
            <span class="quiet">
              <code class="id">{device.device}</code>, known since {day(device.since)}
              {device.trusted ? ', its code was compared' : ''}
              {!device.trusted && device.endorsedBy !== null ? `, vouched for by ${device.endorsedBy}` : ''}
            </span>
          </p>
        </li>
      ))}
    </ul>
  );
}
