import { Liquid } from 'liquidjs';

const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true, cache: 64 });

/** Fills in a wording once; values are never templates. An unknown name is empty. */
export function renderWording(wording: string, values: Record<string, unknown>): string {
  return String(engine.parseAndRenderSync(wording, values)).trim();
}

/** Throws with the wording's mistake, for checking settings before they are kept. */
export function checkWording(wording: string): void {
  engine.parse(wording);
}
