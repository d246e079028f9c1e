/** Shows the dialog that is open. */
import type { JSX } from 'preact';
import { dialog } from '../model/dialogs.ts';
import { AliasDialog } from './alias.tsx';
import { AcceptedDialog } from './accepted.tsx';
import { ShareDialog } from './share.tsx';
import { TrustDialog } from './trust.tsx';
import { VerifyDialog } from './verify.tsx';

export function Dialogs(): JSX.Element | null {
  const open = dialog.value;
  switch (open?.is) {
    case 'share':
      return <ShareDialog session={open.session} handle={open.handle} />;
    case 'accepted':
      return <AcceptedDialog answer={open.answer} />;
    case 'verify':
      return <VerifyDialog key={open.handle} handle={open.handle} />;
    case 'alias':
      return <AliasDialog handle={open.handle} alias={open.alias} />;
    case 'trust':
      return <TrustDialog key={open.handle} handle={open.handle} />;
    default:
      return null;
  }
}
