/** The one door to the viewer of a session. */
export { SessionViewer } from './session-viewer.tsx';
