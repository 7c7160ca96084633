/** The addresses of the app, in one place: links, routes and deep links agree by reading from here. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  calls: '/calls',
  settings: '/settings',
  channel: (channelId: string) => `/channel/${encodeURIComponent(channelId)}`,
  person: (userId: string) => `/people/${encodeURIComponent(userId)}`,
  call: (callId: string) => `/call/${encodeURIComponent(callId)}`,
  /** Before the call of a channel. */
  lobby: (channelId: string, kind: 'audio' | 'video') => `/lobby/${encodeURIComponent(channelId)}?kind=${kind}`,
  join: (token: string) => `/join/${encodeURIComponent(token)}`,
  invitation: (token: string) => `/invite/${encodeURIComponent(token)}`,
} as const;
