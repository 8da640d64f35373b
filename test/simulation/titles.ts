/** Whether a title names a case or a step, as a word of its own. */
export const hasHandle = (title: string, handle: string): boolean => title.split(/[\s()·]+/).includes(handle);
