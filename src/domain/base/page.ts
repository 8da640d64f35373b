/** A page of a list, newest first. `next` is handed back to get the page after it. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
