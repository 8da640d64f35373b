/** A page of a list, newest first. `next` is the cursor of the following page. */
export type Page<Item> = { items: Item[]; next: string | null };
