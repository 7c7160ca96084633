export type Session = { accessToken: string; user: { id: string; displayName: string } };

/** Signs in as somebody of the demo team, by their first name. */
export async function demoSession(url: string, first: string, headers: Record<string, string> = {}): Promise<Session> {
  const answer = await fetch(`${url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: `${first.toLowerCase()}@acme.test`, password: 'parley-demo' }),
  });
  if (!answer.ok) throw new Error(`${first} could not sign in: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Session;
}
