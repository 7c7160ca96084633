export { default as Settings } from '../../app/(shell)/settings';
