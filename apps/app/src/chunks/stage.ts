export { default as CallPage } from '../../app/call/[id]';
