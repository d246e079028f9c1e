/** The page's start. */
import { render } from 'preact';
import { App } from './app.tsx';
import { openLink } from './link/index.ts';
import { keepFocus } from './model/focus.ts';

keepFocus(document.body);
render(<App link={openLink()} />, document.body);
