// Other ways in than the one that nearly everybody takes.
export { default as Invitation } from '../../app/invite/[token]';
export { default as SignUp } from '../../app/sign-up';
