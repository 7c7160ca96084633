// What somebody sees who is signed in, and all that can ring there.
export { default as Shell } from '../../app/(shell)/_layout';
export { default as Calls } from '../../app/(shell)/calls';
export { default as Channel } from '../../app/(shell)/channel/[id]';
export { default as Profile } from '../../app/(shell)/people/[userId]';
export { CallSurroundings } from '../wiring/CallSurroundings';
