/** Whether everything is played, as each night, and not the samples of a check. */
export const isWhole = process.env.CASELITE_WHOLE === 'yes';

/** Number for the whole, or for the sample that fits into a check. */
export const sampled = (whole: number, sample: number): number => (isWhole ? whole : sample);
