export type TabIcon = 'usual' | 'ringing' | 'inCall';

const files: Record<TabIcon, string> = {
  usual: '/favicon.svg',
  ringing: '/favicon-ringing.svg',
  inCall: '/favicon-call.svg',
};

/** What the browser shows of the page among its tabs. */
export function showTab(title: string, icon: TabIcon): void {
  if (document.title !== title) document.title = title;
  const link = document.querySelector('link[rel="icon"]');
  if (link !== null && link.getAttribute('href') !== files[icon]) link.setAttribute('href', files[icon]);
}
