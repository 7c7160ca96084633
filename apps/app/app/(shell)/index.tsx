/** The start page is the shell with nothing open. */
export default function HomeRoute() {
  return null;
}
