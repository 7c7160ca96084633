// First of all: it sets what fetches a chunk.
import 'expo';

/**
 * What several parts have in common lies in one file of its own, which the bundler would load with the page: before anybody
 * has signed in nothing of it is needed. The page names it instead (tools/lib/web-page.mjs), and here it comes with the first
 * part that is fetched.
 */
type Loader = (path: string) => Promise<void>;
const bundler = globalThis as { __loadBundleAsync?: Loader };
const load = bundler.__loadBundleAsync;
const shared =
  typeof document === 'undefined'
    ? null
    : document.querySelector('meta[name="parley-shared"]')?.getAttribute('content');

if (load && shared) {
  // Both at once: they only define modules, and nothing of them runs before both are here.
  bundler.__loadBundleAsync = async (path) => {
    await Promise.all([load(shared), load(path)]);
  };
}
