import './loading/shared';
import * as layout from '../app/_layout';
import * as notFound from '../app/+not-found';
import * as home from '../app/(shell)/index';
import * as signIn from '../app/sign-in';
import { pageOf } from './loading/later';
import { parts } from './loading/parts';

/**
 * The pages of `app/` for the browser, and with which part each of them comes. It stands in for the router's own search of
 * the folder (metro.config.js), which would put all pages into the first script; a test holds it against the folder.
 */
const pages: Readonly<Record<string, object>> = {
  './_layout.tsx': layout,
  './+not-found.tsx': notFound,
  './sign-in.tsx': signIn,
  './sign-up.tsx': { default: pageOf(parts.doors, ({ SignUp }) => SignUp) },
  './invite/[token].tsx': { default: pageOf(parts.doors, ({ Invitation }) => Invitation) },
  './(shell)/_layout.tsx': { default: pageOf(parts.home, ({ Shell }) => Shell) },
  './(shell)/index.tsx': home,
  './(shell)/calls.tsx': { default: pageOf(parts.home, ({ Calls }) => Calls) },
  './(shell)/channel/[id].tsx': { default: pageOf(parts.home, ({ Channel }) => Channel) },
  './(shell)/people/[userId].tsx': { default: pageOf(parts.home, ({ Profile }) => Profile) },
  './(shell)/settings.tsx': { default: pageOf(parts.settings, ({ Settings }) => Settings) },
  './call/[id].tsx': { default: pageOf(parts.stage, ({ CallPage }) => CallPage) },
  './lobby/[id].tsx': { default: pageOf(parts.stage, ({ LobbyPage }) => LobbyPage) },
  './join/[token].tsx': { default: pageOf(parts.stage, ({ JoinPage }) => JoinPage) },
  './gallery.tsx': { default: pageOf(parts.gallery, ({ GalleryPage }) => GalleryPage) },
};

/** In the shape of Metro's `require.context`, which the router reads. */
export const ctx = Object.assign((key: string) => pages[key], {
  keys: () => Object.keys(pages),
  resolve: (key: string) => key,
  id: 'pages',
});
