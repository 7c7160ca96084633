export { default as CallPage } from '../../app/call/[id]';
export { default as JoinPage } from '../../app/join/[token]';
export { default as LobbyPage } from '../../app/lobby/[id]';
