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
const isOff = () => localStorage.getItem('keys') === 'off';
const [toggle] = all('#keys button');
const label = () => (toggle.textContent = isOff() ? 'Switch the keys on' : 'Switch the keys off');
if (toggle) {
  toggle.hidden = false;
  label();
  toggle.addEventListener('click', () => {
    localStorage.setItem('keys', isOff() ? 'on' : 'off');
    label();
  });
}
addEventListener('keydown', (event) => {
  if (isOff()) return;
  const isTyping = event.target.closest?.('input:not([type=checkbox]), select, textarea');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
`;

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round" stroke-linejoin="round">
<path d="M26.5 12a11 11 0 1 1-4.3-5.1" stroke="#2f7fd1" stroke-width="3.4"/>
<path d="m11 16.2 4 4L26.5 7.5" stroke="#1d9a5b" stroke-width="3.4"/>
</svg>`;
