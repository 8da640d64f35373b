/** Keys of the pages, as a script of our own origin; everything works without it. */
export const keysScript = `
const all = (query) => [...document.querySelectorAll(query)];
const rowLinks = () => all('.rows tbody th a, .responses li > div > a, .customers li a');
const move = (step) => {
  const links = rowLinks();
  const other = all(step > 0 ? '[rel=next]' : '[rel=prev]')[0];
  if (links.length === 0) return other?.click();
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
};
const open = (id) => {
  const details = document.getElementById(id);
  for (let each = details; each; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
  details?.querySelector('input:not([type=hidden]), select, textarea, summary')?.focus();
  details?.scrollIntoView({ block: 'center' });
};
const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => open('assign'),
  e: () => open('close'),
  '/': () => all('input[type=search], input[name=search]')[0]?.focus(),
  '?': () => open('keys'),
};
addEventListener('keydown', (event) => {
  const isTyping = event.target.closest?.('input:not([type=checkbox]), select, textarea');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
`;
