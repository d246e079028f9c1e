/** The one door to the viewer of a session, and to asking about what is shared. */
export { Ask } from './ask.tsx';
export { SessionViewer } from './session-viewer.tsx';
export { Told } from './told-note.tsx';
