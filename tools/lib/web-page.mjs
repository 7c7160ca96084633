import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** @param {string} folder @returns {Promise<string[]>} the files below it, by their paths from there */
const filesBelow = async (folder) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/**
 * What the page asks for at once: the file that several parts have in common is taken off it (src/loading/shared.ts fetches
 * it with the first part), and the typeface begins to travel with the scripts, not after them.
 * @param {string} html @param {string[]} files of the export
 * @returns {string}
 */
export function pageOf(html, files) {
  const scripts = [...html.matchAll(/<script src="([^"]+)" defer><\/script>/g)].map(([tag, src]) => ({ tag, src }));
  const shared = scripts.find(({ src }) => /\/__common-[0-9a-f]+\.js$/.test(src ?? ''));
  const face = files.find((file) => /inter-latin-wght-normal\.[0-9a-f]+\.woff2$/.test(file));
  const head = [
    ...(face === undefined ? [] : [`<link rel="preload" as="font" type="font/woff2" href="/${face}" crossorigin />`]),
    ...(shared === undefined ? [] : [`<meta name="parley-shared" content="${shared.src}" />`]),
  ];
  const page = shared === undefined ? html : html.replace(shared.tag, '');
  return page.replace('</title>', `</title>\n    ${head.join('\n    ')}`);
}

const packers = {
  br: promisify(brotliCompress),
  gz: promisify(gzip),
};
const PACKED = /\.(?:html|js|css|json|svg|webmanifest|txt)$/;

/**
 * Finishes an export for the browser: the page, and beside each file that packs well its packed forms, so that no server
 * packs anything while somebody waits.
 * @param {string} folder
 */
export async function finishWeb(folder) {
  const page = join(folder, 'index.html');
  await writeFile(page, pageOf(await readFile(page, 'utf8'), await filesBelow(folder)));
  for (const file of (await filesBelow(folder)).filter((name) => PACKED.test(name))) {
    const raw = await readFile(join(folder, file));
    await writeFile(
      join(folder, `${file}.br`),
      await packers.br(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
    await writeFile(join(folder, `${file}.gz`), await packers.gz(raw, { level: 9 }));
  }
}
