import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Bundles only those of the SDK's documents that sdk.ts names; the rest of it is two fifths of a bundle. */
const slimLinearSdk: Plugin = {
  name: 'slim-linear-sdk',
  setup({ onLoad }) {
    const uses = readFileSync(join(import.meta.dirname, 'sdk.ts'), 'utf8').matchAll(/\bdocuments\.(\w+)/g);
    const names = [...uses].map(([, name]) => name).join(', ');
    onLoad({ filter: /@linear.sdk.dist.index\.mjs$/ }, ({ path, suffix }) => {
      const source = readFileSync(path, 'utf8').replaceAll(
        '= new TypedDocumentString',
        '= /* @__PURE__ */ new TypedDocumentString',
      );
      const whole = `${source}\nexport { ${names} };`;
      const slim = `import { ${names} } from '${path}?whole'; export { parseLinearError } from '${path}?whole';
        export const LinearDocument = { ${names} };`;
      return { contents: suffix === '?whole' ? whole : slim };
    });
  },
};

export default slimLinearSdk;
