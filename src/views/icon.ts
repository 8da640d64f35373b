export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round" stroke-linejoin="round">
<path d="M26.5 12a11 11 0 1 1-4.3-5.1" stroke="#2f7fd1" stroke-width="3.4"/>
<path d="m11 16.2 4 4L26.5 7.5" stroke="#1d9a5b" stroke-width="3.4"/>
</svg>`;
